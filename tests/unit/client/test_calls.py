"""Both clients against a scripted server: once only, back-off, waiting, downloads, errors."""

import hashlib
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from vidgenie.client import ApiError, AsyncClient, Client, Retries

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
EDIT: dict[str, Any] = {"timeline": {"tracks": []}, "output": {"format": "mp4"}}
FILE = b"not really a video" * 1000


def ok(**data: Any) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "data": data, "request_id": "req_1"})


def refused(status: int, code: str, **headers: str) -> httpx.Response:
    detail = {"path": "/timeline/tracks/0", "code": "wrong_type", "message": "it is wrong"}
    error = {"code": code, "message": f"{code} it is", "details": [detail]}
    body = {"ok": False, "error": error, "request_id": "req_2"}
    return httpx.Response(status, json=body, headers=headers)


def render(status: str, progress: float = 0.0, **more: Any) -> dict[str, Any]:
    base = {"id": "rnd_1", "status": status, "progress": progress, "output": None, "error": None}
    return {**base, **more}


class Script:
    """A server that gives its answers in turn, and notes what it was asked and what was slept."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def answer(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self(request)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture(params=["sync", "async"])
def act(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Makes a call on either client: `await act(script, "get_render", "rnd_1")`."""

    async def made(script: Script, name: str, /, *arguments: Any, **named: Any) -> Any:
        settings: dict[str, Any] = {
            "retries": Retries(random=Random(1)),
            "clock": lambda: sum(script.slept),
        }
        if request.param == "sync":
            transport = httpx.MockTransport(script)
            with Client(
                "http://api", "vg_live_x", transport=transport, sleep=script.slept.append,
                **settings,
            ) as client:  # fmt: skip
                found = getattr(client, name)(*arguments, **named)
                return list(found) if inspect.isgenerator(found) else found
        transport = httpx.MockTransport(script.answer)
        async with AsyncClient(
            "http://api", "vg_live_x", transport=transport, sleep=script.sleep, **settings
        ) as other:
            found = getattr(other, name)(*arguments, **named)
            return [e async for e in found] if inspect.isasyncgen(found) else await found

    return made


def test_both_clients_have_the_same_calls() -> None:
    def calls_of(kind: type) -> dict[str, Any]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {n: inspect.signature(f).parameters for n, f in members if not n.startswith("_")}

    assert calls_of(Client) == calls_of(AsyncClient)
    assert len(calls_of(Client)) > 20


async def test_a_lost_answer_is_asked_again_with_the_same_key(act: Callable[..., Any]) -> None:
    script = Script(
        httpx.ReadTimeout("slow"),
        refused(409, "conflict"),  # the first attempt is still under way
        refused(503, "unavailable", **{"retry-after": "2"}),
        ok(render=render("queued")),
    )
    assert (await act(script, "create_render", EDIT))["id"] == "rnd_1"
    keys = {request.headers["idempotency-key"] for request in script.asked}
    assert len(script.asked) == 4
    assert len(keys) == 1
    assert keys != {""}
    assert script.slept[2] == 2.0
    assert 0.25 <= script.slept[0] <= 0.5 <= script.slept[1] <= 1.0
    assert json.loads(script.asked[-1].content) == EDIT
    assert script.asked[0].headers["x-api-key"] == "vg_live_x"
    assert script.asked[0].url.path == "/api/v1/render.create"


async def test_two_calls_have_two_keys_and_a_given_one_is_kept(act: Callable[..., Any]) -> None:
    script = Script(*(ok(render=render("queued")) for _ in range(3)))
    await act(script, "create_render", EDIT)
    await act(script, "create_render", EDIT)
    await act(script, "create_render", EDIT, idempotency_key="mine")
    keys = [request.headers["idempotency-key"] for request in script.asked]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


@pytest.mark.parametrize(
    ("status", "code", "headers"),
    [
        (422, "validation_failed", {}),
        (409, "conflict", {}),
        (429, "quota_exceeded", {}),
        (429, "rate_limited", {"retry-after": "3600"}),
        (500, "internal", {}),
    ],
)
async def test_what_waiting_does_not_mend_comes_at_once(
    act: Callable[..., Any], status: int, code: str, headers: dict[str, str]
) -> None:
    script = Script(refused(status, code, **headers))
    with pytest.raises(ApiError) as told:
        await act(script, "create_render", EDIT)
    assert script.slept == []
    error = told.value
    assert (error.status, error.code, error.request_id) == (status, code, "req_2")
    assert error.details[0].path == "/timeline/tracks/0"
    assert "/timeline/tracks/0: it is wrong" in str(error)


async def test_what_would_be_done_twice_is_not_asked_again(act: Callable[..., Any]) -> None:
    script = Script(httpx.ReadTimeout("slow"))
    with pytest.raises(ApiError, match="unreachable") as told:
        await act(script, "update_template", "tpl_1", name="x")
    assert isinstance(told.value.__cause__, httpx.ReadTimeout)
    script = Script(httpx.ConnectError("no"), ok(template={"id": "tpl_1"}))  # was never sent
    assert await act(script, "update_template", "tpl_1", name="x") == {"id": "tpl_1"}


async def test_attempts_end(act: Callable[..., Any]) -> None:
    script = Script(*(refused(429, "rate_limited") for _ in range(6)))
    with pytest.raises(ApiError, match="rate_limited"):
        await act(script, "get_render", "rnd_1")
    assert len(script.slept) == 5
    assert script.slept == sorted(script.slept)


async def test_an_answer_of_somebody_else_is_told(act: Callable[..., Any]) -> None:
    with pytest.raises(ApiError, match="answered 200 with no JSON of the API") as told:
        await act(Script(httpx.Response(200, text="<html>")), "get_render", "rnd_1")
    assert told.value.code == "bad_answer"


async def test_render_and_wait_tells_its_progress(act: Callable[..., Any]) -> None:
    states = [render("queued"), render("rendering", 0.5), render("done", 1.0)]
    seen: list[float] = []
    script = Script(*(ok(render=state) for state in states))
    done = await act(
        script, "render_and_wait", EDIT, on_progress=lambda r: seen.append(r["progress"]),
        has_bar=True,
    )  # fmt: skip
    assert done["status"] == "done"
    assert seen == [0.0, 0.5, 1.0]
    assert script.slept == [0.2, pytest.approx(0.3)]


async def test_a_render_that_fails_is_an_error_with_its_own_code(act: Callable[..., Any]) -> None:
    detail = {"path": "/timeline/tracks/0/clips/0/asset/src", "code": "x", "message": "404"}
    failure = {"code": "source_unreachable", "message": "gone", "details": [detail]}
    script = Script(ok(render=render("failed", error=failure)))
    with pytest.raises(ApiError) as told:
        await act(script, "wait", "rnd_1")
    assert (told.value.code, told.value.details[0].path) == ("source_unreachable", detail["path"])
    with pytest.raises(ApiError, match="cancelled"):
        await act(Script(ok(render=render("cancelled"))), "wait", "rnd_1")


async def test_a_wait_may_be_given_up(act: Callable[..., Any]) -> None:
    script = Script(*(ok(render=render("rendering", 0.25)) for _ in range(9)))
    with pytest.raises(ApiError, match=r"rendering \(25%\) after 1 s") as told:
        await act(script, "wait", "rnd_1", timeout_s=1)
    assert told.value.code == "wait_timed_out"
    assert 1 <= sum(script.slept) < 2


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def done(url: str = "https://files/x.mp4") -> dict[str, Any]:
    output = {"url": url, "sha256": hashlib.sha256(FILE).hexdigest()}
    return render("done", 1.0, output=output)


async def test_a_download_renews_its_link_and_checks_what_came(
    act: Callable[..., Any], tmp_path: Path
) -> None:
    script = Script(
        httpx.Response(403),
        ok(render=done("https://files/new.mp4")),
        httpx.Response(200, content=FILE[:100]),
        ok(render=done("https://files/new.mp4")),
        httpx.Response(200, content=FILE),
    )
    target = tmp_path / "out.mp4"
    assert await act(script, "download", done(), target) == target
    assert target.read_bytes() == FILE
    assert files_in(tmp_path) == [target]
    links = [request for request in script.asked if request.url.host == "files"]
    assert len(links) == 3
    assert not any("x-api-key" in request.headers for request in links)


async def test_nothing_is_left_of_a_download_that_fails(
    act: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(ApiError, match="not_found"):
        await act(Script(httpx.Response(404)), "download", done(), tmp_path / "out.mp4")
    with pytest.raises(ApiError, match="not_ready"):
        await act(Script(), "download", render("queued"), tmp_path / "out.mp4")
    assert files_in(tmp_path) == []


async def test_an_upload_is_sent_whole_once_more(act: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(FILE)
    script = Script(refused(429, "rate_limited"), ok(asset={"src": "asset://ast_1"}))
    assert (await act(script, "upload", path))["src"] == "asset://ast_1"
    assert all(FILE in request.content for request in script.asked)
    assert b'filename="clip.mp4"' in script.asked[1].content


async def test_a_snapshot_is_a_picture_or_an_error(act: Callable[..., Any]) -> None:
    picture = httpx.Response(200, content=FILE, headers={"content-type": "image/png"})
    script = Script(refused(503, "unavailable"), picture)
    assert await act(script, "snapshot", EDIT, 1.5) == FILE
    assert json.loads(script.asked[1].content) == {**EDIT, "time": 1.5, "format": "png"}
    with pytest.raises(ApiError, match="validation_failed"):
        await act(Script(refused(422, "validation_failed")), "snapshot", EDIT)
    with pytest.raises(ApiError, match="no picture"):
        await act(Script(ok()), "snapshot", EDIT)


async def test_lists_follow_their_pages(act: Callable[..., Any]) -> None:
    script = Script(ok(renders=[1, 2], next_cursor="c"), ok(renders=[3], next_cursor=None))
    assert await act(script, "list_renders", status="done") == [1, 2, 3]
    bodies = [json.loads(request.content) for request in script.asked]
    assert bodies == [
        {"status": "done", "limit": 100},
        {"status": "done", "limit": 100, "cursor": "c"},
    ]


def test_one_credential_is_needed() -> None:
    with pytest.raises(ValueError, match="either"):
        Client("http://api")
    with pytest.raises(ValueError, match="either"):
        Client("http://api", "vg_live_x", access_token="vg_at_x")


def stream(*events: dict[str, Any], status: int = 200) -> httpx.Response:
    """Server-sent events, each with its number as id; a comment between."""
    text = "".join(
        f"id: {number}\nevent: status\ndata: {json.dumps(told)}\n\n: still here\n\n"
        for number, told in enumerate(events)
    )
    kind = {"content-type": "text/event-stream"}
    return httpx.Response(status, text=f"retry: 1000\n\n{text}", headers=kind)


async def test_news_go_on_where_a_stream_broke(act: Callable[..., Any]) -> None:
    script = Script(
        stream(render("queued"), render("rendering", 0.5)),
        httpx.ReadError("gone"),
        stream(render("done", 1.0, render=render("done", 1.0))),
    )
    told = await act(script, "events", "rnd_1")
    assert [one["status"] for one in told] == ["queued", "rendering", "done"]
    assert told[-1]["render"]["status"] == "done"
    asked = [request.headers.get("last-event-id") for request in script.asked]
    assert asked == [None, "1", "1"]
    assert len(script.slept) == 2


async def test_news_of_nothing_are_refused(act: Callable[..., Any]) -> None:
    with pytest.raises(ApiError, match="not_found"):
        await act(Script(refused(404, "not_found")), "events", "rnd_1")
    assert await act(Script(httpx.Response(204)), "events", "rnd_1") == []


async def test_destinations_and_pictures(act: Callable[..., Any]) -> None:
    picture = httpx.Response(200, content=b"png", headers={"content-type": "image/png"})
    made = {"id": "dst_1", "name": "films"}
    script = Script(picture, ok(destination=made), ok(delivered=True), ok())
    assert await act(script, "snapshot_template", "tpl_1", {"name": "Ada"}, 2.0) == b"png"
    place = {"bucket": "films", "region": "auto"}
    assert await act(script, "create_destination", "films", s3=place) == made
    assert (await act(script, "test_destination", "dst_1"))["delivered"] is True
    await act(script, "delete_destination", "dst_1")
    assert [request.url.path.rpartition("/")[2] for request in script.asked] == [
        "template.snapshot",
        "destination.create",
        "destination.test",
        "destination.delete",
    ]
    assert json.loads(script.asked[0].content) == {
        "id": "tpl_1",
        "merge": {"name": "Ada"},
        "time": 2.0,
    }
    assert json.loads(script.asked[1].content) == {"name": "films", "s3": place}


async def test_a_video_that_was_deleted_is_told(act: Callable[..., Any], tmp_path: Path) -> None:
    gone = render("done", 1.0, output={"url": None, "sha256": ""})
    with pytest.raises(ApiError, match="not_found"):
        await act(Script(*[ok(render=gone)] * 8), "download", "rnd_1", tmp_path / "a.mp4")
