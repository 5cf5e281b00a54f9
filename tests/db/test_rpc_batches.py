"""Batches through the API: variants in three forms, errors that stop nothing, one end."""

from typing import Any

import psycopg
import pytest

from serving import Api
from vidgenie.edges.rpc.models import VARIANTS_MAX
from vidgenie.services.renders import store
from vidgenie.services.renders.submit import announce
from vidgenie.services.renders.variants import Accepted, accept

CLIP = {"asset": {"type": "text", "text": "Hello {{name}}"}, "start": 0, "length": "{{seconds}}"}
TEMPLATE = {
    "name": "greeting",
    "timeline": {"tracks": [{"clips": [CLIP]}]},
    "output": {"format": "mp4", "size": {"width": 320, "height": 180}},
    "merge": [
        {"find": "name", "type": "string"},
        {"find": "seconds", "type": "number", "default": 2},
    ],
}


@pytest.fixture
async def template(api: Api, key: str) -> str:
    made = await api.data("template.create", TEMPLATE, auth=key)
    return str(made["template"]["id"])


async def batch_of(api: Api, key: str, template: str, *variants: object) -> dict[str, Any]:
    body = {"id": template, "variants": list(variants)}
    batch = (await api.data("template.render", body, auth=key))["batch"]
    assert isinstance(batch, dict)
    return batch


async def end(api: Api, batch_id: str, status: Any, count: int = 1) -> None:
    async with api.db.transaction() as tx:
        for render_id in (await store.unended(tx, batch_id))[:count]:
            ended = await store.end(tx, render_id, status)
            assert ended is not None
            await announce(tx, ended, link=str)


async def events(api: Api, kind: str) -> list[Any]:
    async with api.db.transaction() as tx:
        query = "SELECT data FROM events WHERE type = %s ORDER BY id"
        return [row["data"] for row in await (await tx.execute(query, (kind,))).fetchall()]


async def test_wrong_variants_do_not_stop_the_rest(api: Api, key: str, template: str) -> None:
    good = {"merge": {"name": "Ada"}, "metadata": {"row": 7}}
    wrong = ({"merge": {}}, {"merge": {"name": 3}}, {"marge": {}}, 5, {"merge": 5}, {"metadata": 1})
    long = {"merge": {"name": "Bob", "seconds": -1}}
    batch = await batch_of(api, key, template, good, *wrong, long, {"merge": {"name": "Eve"}})
    assert (batch["total"], batch["accepted"], batch["refused"]) == (9, 2, 7)
    assert [error["index"] for error in batch["errors"]] == [1, 2, 3, 4, 5, 6, 7]
    assert all(
        e["details"][0]["path"].startswith(f"/variants/{e['index']}") for e in batch["errors"]
    )
    got = (await api.data("batch.get", {"id": batch["id"], "limit": 1}, auth=key))["batch"]
    assert got["counts"] == {"queued": 2}
    rest = {"id": batch["id"], "cursor": got["next_cursor"]}
    others = (await api.data("batch.get", rest, auth=key))["batch"]
    renders = [*got["renders"], *others["renders"]]
    assert sorted(render["batch_index"] for render in renders) == [0, 8]
    first = next(render for render in renders if render["batch_index"] == 0)
    assert (first["metadata"], first["template_id"]) == ({"row": 7}, template)
    async with api.db.transaction() as tx:
        jobs = await (await tx.execute("SELECT group_id, account_id FROM jobs")).fetchall()
    assert {job["group_id"] for job in jobs} == {render["id"] for render in renders}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", "name,seconds\r\nAda,3\r\nBob,\r\n,1\r\nEve,1,x\r\nMax,long\r\n"),
        ("text/csv; charset=utf-8", '\ufeffname,seconds\n"Ada",3\nBob\n""\na,b,c\nMax,x\n'),
        (
            "application/x-ndjson",
            '["name","seconds"]\n["Ada",3]\n["Bob"]\n[]\n["a",1,2]\n["Max","x"]',
        ),
        ("application/jsonl", '{"name":"Ada","seconds":3}\n{"name":"Bob"}\n{}\n3\n{"nam":1}\n'),
    ],
)
async def test_variants_as_a_table(api: Api, key: str, template: str, kind: str, body: str) -> None:
    response = await api.http.post(
        f"/api/v1/template.render?id={template}&version=1",
        content=body.encode(),
        headers={"x-api-key": key, "content-type": kind},
    )
    batch = response.json()["data"]["batch"]
    assert [error["index"] for error in batch["errors"]][-3:] == [2, 3, 4], batch["errors"]
    page = (await api.data("batch.get", {"id": batch["id"]}, auth=key))["batch"]
    assert sorted(render["batch_index"] for render in page["renders"]) == [0, 1]


CSV, LINES = "text/csv", "application/x-ndjson"


async def test_lines_end_where_json_lines_end(api: Api, key: str, template: str) -> None:
    name = "Ada\u2028\x85"
    response = await api.http.post(
        f"/api/v1/template.render?id={template}",
        content=f'["name"]\r\n["{name}"]\r\n'.encode(),
        headers={"x-api-key": key, "content-type": LINES},
    )
    assert response.json()["data"]["batch"]["accepted"] == 1, response.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ((CSV, ""), 422),
        ((CSV, "a,a\n1,2\n"), 422),
        ((CSV, "name\n"), 422),
        ((CSV, "name\n\0\n"), 400),
        ((LINES, '["name"]\n["Ada"'), 400),
        ((LINES, '["name"]\n1],"x":[1'), 400),
        ((LINES, '["name"]\n["\\ud800"]'), 400),
    ],
)
async def test_table_that_is_none(
    api: Api, key: str, template: str, sent: tuple[str, str], status: int
) -> None:
    response = await api.http.post(
        f"/api/v1/template.render?id={template}",
        content=sent[1].encode(),
        headers={"x-api-key": key, "content-type": sent[0]},
    )
    assert response.status_code == status, response.text
    assert (await api.data("batch.list", auth=key))["batches"] == []


async def test_number_of_variants_has_its_limits(api: Api, key: str, template: str) -> None:
    for count in (0, VARIANTS_MAX + 1):
        body = {"id": template, "variants": [{}] * count}
        assert (await api.refused("template.render", body, auth=key))[0] == 422


async def test_last_render_ends_the_batch_once(api: Api, key: str, template: str) -> None:
    variants = [{"merge": {"name": str(n)}} for n in range(3)]
    batch = await batch_of(api, key, template, *variants, {})
    await end(api, batch["id"], "done")
    await end(api, batch["id"], "failed")
    assert await events(api, "batch.done") == []
    await end(api, batch["id"], "done")
    [told] = await events(api, "batch.done")
    assert told["batch"]["counts"] == {"done": 2, "failed": 1}
    assert (told["batch"]["status"], told["batch"]["refused"]) == ("done", 1)


async def test_batch_without_a_good_variant_is_done_at_once(
    api: Api, key: str, template: str
) -> None:
    batch = await batch_of(api, key, template, {}, {})
    assert (batch["status"], batch["accepted"]) == ("done", 0)
    assert len(await events(api, "batch.done")) == 1


async def test_cancel_ends_what_waits_and_what_runs(api: Api, key: str, template: str) -> None:
    variants = [{"merge": {"name": str(n)}} for n in range(4)]
    batch = await batch_of(api, key, template, *variants)
    await end(api, batch["id"], "done")
    async with api.db.transaction() as tx:
        running = (await store.unended(tx, batch["id"]))[0]
        await tx.execute(
            "UPDATE jobs SET status = 'running', token = gen_random_uuid() WHERE group_id = %s",
            (running,),
        )
    named = {"id": batch["id"]}
    for _ in range(2):  # the second time changes nothing
        cancelled = (await api.data("batch.cancel", named, auth=key))["batch"]
        assert (cancelled["status"], cancelled["pending"]) == ("done", 0)
        assert cancelled["counts"] == {"done": 1, "cancelled": 3}
    assert len(await events(api, "batch.done")) == 1
    async with api.db.transaction() as tx:
        query = "SELECT cancel_requested FROM jobs WHERE group_id = %s"
        row = await (await tx.execute(query, (running,))).fetchone()
    assert row == {"cancel_requested": True}


@pytest.mark.parametrize("call", ["get", "list", "cancel"])
async def test_who_may_call(api: Api, token: str, key: str, template: str, call: str) -> None:
    batch = await batch_of(api, key, template, {"merge": {"name": "Ada"}})
    body = {} if call == "list" else {"id": batch["id"]}
    assert await api.refused(f"batch.{call}", body) == (401, "unauthenticated")
    assert await api.refused(f"batch.{call}", body, auth=token) == (403, "wrong_credential")
    poor = await api.key(token, scopes=["template:read", "template:write"])
    assert await api.refused(f"batch.{call}", body, auth=poor) == (403, "insufficient_scope")
    stranger = await api.key(await api.account("bob"))
    if call == "list":
        assert (await api.data("batch.list", auth=stranger))["batches"] == []
        assert len((await api.data("batch.list", auth=key))["batches"]) == 1
    else:
        assert await api.refused(f"batch.{call}", body, auth=stranger) == (404, "not_found")
        assert (await api.refused(f"batch.{call}", {"id": 3}, auth=key))[0] == 422


async def test_batch_sent_twice_under_one_key_is_made_once(
    api: Api, key: str, template: str
) -> None:
    once = {"idempotency-key": "b"}
    body = {"id": template, "variants": [{"merge": {"name": "Ada"}}]}
    answers = [await api.call("template.render", body, auth=key, headers=once) for _ in range(2)]
    assert answers[0].json()["data"] == answers[1].json()["data"]
    assert len((await api.data("batch.list", auth=key))["batches"]) == 1


async def test_clips_times_variants_have_their_limit(
    api: Api, key: str, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidgenie.edges.rpc.methods.batch.BATCH_CLIPS_MAX", 3)
    variants = [{"merge": {"name": str(n)}} for n in range(4)]
    response = await api.call("template.render", {"id": template, "variants": variants}, auth=key)
    [detail] = response.json()["error"]["details"]
    assert (response.status_code, detail["path"], detail["code"]) == (422, "/variants", "too_many")
    assert "at most 3" in detail["message"]
    assert (await api.data("batch.list", auth=key))["batches"] == []
    await batch_of(api, key, template, *variants[:3])


async def test_no_transaction_is_open_while_variants_are_checked(
    api: Api, key: str, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(index: int, document: dict[str, Any]) -> Accepted:
        with psycopg.connect(api.db.url) as other:
            rows = other.execute(
                "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
            ).fetchall()
        seen.extend(str(row) for row in rows)
        return accept(index, document)

    monkeypatch.setattr("vidgenie.services.renders.variants.accept", look)
    batch = await batch_of(api, key, template, {"merge": {"name": "Ada"}})
    assert batch["accepted"] == 1
    assert seen == []
