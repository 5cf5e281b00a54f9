"""Quotas: plain numbers in refusals, exact under races; and usage by day."""

import asyncio
from datetime import UTC, datetime

from serving import EMPTY_EDIT, Api
from vidgenie.services import queue, usage
from vidgenie.services.renders import store
from vidgenie.services.renders.submit import announce
from vidgenie.services.usage import Quota

PNG = b"\x89PNG\r\n\x1a\n"


async def allow(api: Api, token: str, **limits: int) -> str:
    account = str((await api.data("account.get", auth=token))["account"]["id"])
    async with api.db.transaction() as tx:
        await usage.set_quota(tx, account, Quota(**limits))
    return account


async def create(api: Api, key: str) -> str:
    return str((await api.data("render.create", EMPTY_EDIT, auth=key))["render"]["id"])


async def done(api: Api, render_id: str, seconds: float) -> None:
    async with api.db.transaction() as tx:
        output = {"duration": seconds, "size": 1000, "key": "renders/x"}
        ended = await store.end(tx, render_id, "done", output=output)
        assert ended is not None
        await announce(tx, ended, link=str)


async def test_queue_length_is_kept_by_many_calls_at_once(api: Api, token: str, key: str) -> None:
    await allow(api, token, queued_renders=3)
    answers = await asyncio.gather(
        *(api.call("render.create", EMPTY_EDIT, auth=key) for _ in range(6))
    )
    assert sorted(a.status_code for a in answers) == [200] * 3 + [429] * 3
    error = next(a.json()["error"] for a in answers if a.status_code == 429)
    assert error["code"] == "quota_exceeded"
    assert "3 renders waiting or under way and asks for 1 more; it may have 3" in error["message"]
    listed = (await api.data("render.list", auth=key))["renders"]
    assert len(listed) == 3
    await api.data("render.cancel", {"id": listed[0]["id"]}, auth=key)
    await create(api, key)
    free = await api.key(await api.account("bob"))
    for _ in range(4):
        await create(api, free)


async def test_batch_counts_with_all_its_renders(api: Api, token: str, key: str) -> None:
    await allow(api, token, queued_renders=3)
    template = {"name": "t", **EMPTY_EDIT}
    named = (await api.data("template.create", template, auth=key))["template"]["id"]
    body = {"id": named, "variants": [{}] * 4}
    assert await api.refused("template.render", body, auth=key) == (429, "quota_exceeded")
    assert (await api.data("batch.list", auth=key))["batches"] == []
    batch = await api.data("template.render", {**body, "variants": [{}] * 3}, auth=key)
    await api.data("batch.cancel", {"id": batch["batch"]["id"]}, auth=key)
    found = (await api.data("usage.get", auth=token))["usage"]
    assert [day["renders_cancelled"] for day in found["days"]] == [3]


async def test_minutes_of_the_month_end_and_begin_again(api: Api, token: str, key: str) -> None:
    await allow(api, token, output_minutes=1)
    await done(api, await create(api, key), 61.5)
    response = await api.call("render.create", EMPTY_EDIT, auth=key)
    assert response.status_code == 429
    assert "1.0 minutes of output this month; it may make 1." in response.json()["error"]["message"]
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE used SET ended_at = ended_at - interval '1 month'")
    await create(api, key)


async def test_uploads_are_limited_in_all(api: Api, token: str, key: str) -> None:
    await allow(api, token, storage_bytes=100)

    async def upload(content: bytes) -> int:
        files = {"file": ("a.png", PNG + content)}
        headers = {"x-api-key": key}
        answer = await api.http.post("/api/v1/asset.upload", files=files, headers=headers)
        return answer.status_code

    statuses = await asyncio.gather(*(upload(bytes([n]) * 40) for n in range(4)))
    assert sorted(statuses) == [200, 200, 429, 429]
    used = (await api.data("usage.get", auth=token))["usage"]
    assert used["used"]["storage_bytes"] == 96
    assert used["quota"]["storage_bytes"] == 100


async def test_only_so_many_jobs_run_at_a_time(api: Api, token: str, key: str) -> None:
    await allow(api, token, concurrent_jobs=2)
    free = await api.key(await api.account("bob"))
    for _ in range(6):
        await create(api, key)
    await create(api, free)

    async def claim() -> queue.Job | None:
        async with api.db.transaction() as tx:
            return await queue.claim(tx, ["render"], worker="test", lease_s=30)

    account = (await api.data("account.get", auth=token))["account"]["id"]
    jobs = [job for job in await asyncio.gather(*(claim() for _ in range(8))) if job is not None]
    jobs += [job for job in [await claim() for _ in range(2)] if job is not None]
    mine = [job for job in jobs if job.account_id == account]
    assert len(mine) == 2
    assert len(jobs) == 3, "another account is not held up"
    async with api.db.transaction() as tx:
        await queue.finish(tx, mine[0])
        await tx.execute("UPDATE jobs SET run_at = now()")
    assert await claim() is not None
    assert await claim() is None


async def test_what_is_set_for_all_holds_where_nothing_is_set(
    api: Api, token: str, key: str
) -> None:
    async def claims() -> int:
        count = 0
        async with api.db.transaction() as tx:
            while await queue.claim(tx, ["render"], worker="test", lease_s=30) is not None:
                count += 1
            await tx.execute("UPDATE jobs SET run_at = now()")
        return count

    for _ in range(2):  # the second time nothing changes
        async with api.db.transaction() as tx:
            await usage.set_defaults(tx, Quota(concurrent_jobs=1, queued_renders=2))
    answers = await asyncio.gather(
        *(api.call("render.create", EMPTY_EDIT, auth=key) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429]
    found = (await api.data("usage.get", auth=token))["usage"]["quota"]
    assert (found["concurrent_jobs"], found["queued_renders"]) == (1, 2)
    assert await claims() == 1
    account = await allow(api, token, queued_renders=5)
    await create(api, key)
    assert await claims() == 2, "a quota of its own without this number is without this limit"
    async with api.db.transaction() as tx:
        await usage.drop_quota(tx, account)
    assert await api.refused("render.create", EMPTY_EDIT, auth=key) == (429, "quota_exceeded")


async def test_usage_by_day(api: Api, token: str, key: str) -> None:
    first = await create(api, key)
    await done(api, first, 2.5)
    await done(api, await create(api, key), 1)
    await api.data("render.cancel", {"id": await create(api, key)}, auth=key)
    async with api.db.transaction() as tx:
        query = "UPDATE used SET ended_at = '2026-02-28T23:59:59Z' WHERE render_id = %s"
        await tx.execute(query, (first,))
        await tx.execute("DELETE FROM renders WHERE id = %s", (first,))
    today = datetime.now(UTC).date().isoformat()
    found = (await api.data("usage.get", auth=token))["usage"]
    assert (found["to"], [day["day"] for day in found["days"]]) == (today, [today])
    assert (found["days"][0]["renders_done"], found["days"][0]["renders_cancelled"]) == (1, 1)
    asked = {"from": "2026-02-28", "to": "2026-02-28"}
    [day] = (await api.data("usage.get", asked, auth=token))["usage"]["days"]
    assert (day["output_seconds"], day["output_bytes"], day["renders_done"]) == (2.5, 1000, 1)
    bob = await api.account("bob")
    assert (await api.data("usage.get", auth=bob))["usage"]["days"] == []
    assert await api.refused("usage.get", auth=key) == (403, "wrong_credential")
    assert await api.refused("usage.get") == (401, "unauthenticated")
    for wrong in ({"from": "2026-02-30"}, {"from": "2026-03-01", "to": "2026-02-01"}):
        assert (await api.refused("usage.get", wrong, auth=token))[0] == 422
