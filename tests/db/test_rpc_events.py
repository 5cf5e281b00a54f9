"""render.events, render.delete, retention: a render's last days, and being told of all of them."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from serving import EMPTY_EDIT, Api
from vidgenie.services.renders import store
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.sweep import sweep
from vidgenie.services.renders.view import eta_s
from vidgenie.services.renders.watch import State, state_from


async def queued(api: Api, key: str) -> str:
    return str((await api.data("render.create", EMPTY_EDIT, auth=key))["render"]["id"])


async def sql(api: Api, text: str, *values: object) -> list[dict[str, Any]]:
    async with api.db.transaction() as tx:
        cursor = await tx.execute(text.encode(), values)
        return await cursor.fetchall() if cursor.description else []


async def until(is_so: Callable[[], object]) -> None:
    for _ in range(2000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not within 20 s")


def told(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The events of a stream: id, kind, data."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append((lines["id"], lines["event"], json.loads(lines["data"])))
    return found


async def test_events_go_on_to_the_end_and_can_be_resumed(api: Api, key: str) -> None:
    render_id = await queued(api, key)
    url, headers = f"/api/v1/render.events?id={render_id}", {"x-api-key": key}
    listening = [asyncio.create_task(api.http.get(url, headers=headers)) for _ in range(20)]
    watch = api.context.watch
    await until(lambda: watch._listeners and all(one.seen for one in watch._listeners))
    await sql(api, "UPDATE renders SET status = 'rendering' WHERE id = %s", render_id)
    await sql(api, "INSERT INTO render_progress VALUES (%s, 0.5)", render_id)
    await until(lambda: all(one.seen and one.seen.progress == 5000 for one in watch._listeners))
    await sql(api, "UPDATE render_progress SET progress = 0.75")
    await until(lambda: all(one.seen and one.seen.progress == 7500 for one in watch._listeners))
    await api.data("render.cancel", {"id": render_id}, auth=key)
    streams = [(await one).text for one in listening]
    assert len(set(streams)) == 1
    events = told(streams[0])
    assert [(id_, kind) for id_, kind, _ in events] == [
        ("0-0", "status"),
        ("2-5000", "status"),
        ("2-7500", "progress"),
        ("6-7500", "status"),
    ]
    assert events[-1][2]["render"]["status"] == "cancelled"
    assert not watch._listeners
    resumed = await api.http.get(url, headers={**headers, "last-event-id": "2-5000"})
    assert [id_ for id_, _, _ in told(resumed.text)] == ["6-7500"]
    over = await api.http.get(url, headers={**headers, "last-event-id": "6-7500"})
    assert over.status_code == 204


async def test_a_render_deleted_meanwhile_ends_its_events(api: Api, key: str) -> None:
    render_id = await queued(api, key)
    listening = asyncio.create_task(api.call("render.events", {"id": render_id}, auth=key))
    await until(lambda: api.context.watch._listeners)
    await sql(api, "DELETE FROM renders")
    assert (await listening).status_code == 200


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "7-0", "99999999-1", "1-2-3", "²-1"])
def test_an_event_id_that_is_none_of_ours_is_no_state(text: str) -> None:
    assert state_from(text) is None
    assert state_from(str(State.of("saving", 0.98))) == State(3, 9800)


async def done(api: Api, key: str) -> str:
    """A render that is done, with its three files."""
    render_id = await queued(api, key)
    folder = api.context.upload_dir
    for name in ("t.mp4", "t-poster.jpg", "t-thumb.jpg"):
        (folder / "file").write_bytes(b"x")
        await api.context.storage.put_file(f"renders/{render_id}/{name}", folder / "file")
    async with api.db.transaction() as tx:
        await store.end(tx, render_id, "done")
    return render_id


async def files(api: Api, prefix: str) -> int:
    return len([held async for held in api.context.storage.list(prefix)])


async def test_delete_takes_row_and_files(api: Api, token: str, key: str) -> None:
    kept, gone, under_way = await done(api, key), await done(api, key), await queued(api, key)
    stranger = await api.key(await api.account("bob"))
    reader = await api.key(token, scopes=["render:read"])
    named = {"id": gone}
    assert await api.refused("render.delete", named) == (401, "unauthenticated")
    assert await api.refused("render.delete", named, auth=token) == (403, "wrong_credential")
    assert await api.refused("render.delete", named, auth=reader) == (403, "insufficient_scope")
    for call in ("render.delete", "render.events"):
        assert await api.refused(call, named, auth=stranger) == (404, "not_found")
    busy = await api.refused("render.delete", {"id": under_way}, auth=key)
    assert busy == (409, "conflict")
    assert await files(api, f"renders/{gone}") == 3
    await api.data("render.delete", named, auth=key)
    assert await api.refused("render.get", named, auth=key) == (404, "not_found")
    assert await api.refused("render.delete", named, auth=key) == (404, "not_found")
    assert await files(api, f"renders/{gone}") == 0
    assert await files(api, f"renders/{kept}") == 3


async def test_sweep_takes_what_is_old_and_nothing_else(api: Api, key: str) -> None:
    old, new, waiting = await done(api, key), await done(api, key), await queued(api, key)
    long_ago = datetime.now(UTC) - timedelta(days=40)
    await sql(api, "UPDATE renders SET created_at = %s", long_ago)
    await sql(api, "UPDATE renders SET finished_at = %s WHERE id = %s", long_ago, old)
    account = (await sql(api, "SELECT id FROM accounts"))[0]["id"]
    for name, when in (("a", long_ago), ("b", datetime.now(UTC))):
        values = (account, name, name, name, when)
        await sql(api, "INSERT INTO sources VALUES (%s, %s, %s, %s, 1, NULL, %s)", *values)
        await api.context.storage.put_file(
            f"sources/{account}/{name}", api.context.upload_dir / "file"
        )
    # another address still holds what `a` held
    values = (account, "a2", "a2", "b", long_ago)
    await sql(api, "INSERT INTO sources VALUES (%s, %s, %s, %s, 1, NULL, %s)", *values)
    await sweep(api.db, api.context.storage, render_ttl_s=30 * 86_400)
    await sweep(api.db, api.context.storage, render_ttl_s=30 * 86_400)
    assert {row["id"] for row in await sql(api, "SELECT id FROM renders")} == {new, waiting}
    assert (await files(api, f"renders/{old}"), await files(api, f"renders/{new}")) == (0, 3)
    held = {row["url"] for row in await sql(api, "SELECT url FROM sources")}
    assert held == {"b", "a2"}
    assert await files(api, f"sources/{account}") == 1


def test_time_left_is_that_of_the_frames_so_far() -> None:
    now = datetime.now(UTC)
    began = now - timedelta(seconds=50)
    render = Render("rnd_1", "acc_1", "rendering", {}, 0, began, started_at=began)

    def left(**changes: Any) -> float | None:
        values = {name: getattr(render, name) for name in Render.__slots__} | changes
        return eta_s(Render(**values), now)

    assert left(progress=0.25, timings={"fetching": 10.0}) == 120.0
    assert left(progress=0.01) is None
    assert left(progress=0.5, status="saving") is None
