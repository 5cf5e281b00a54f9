"""Copies in the account's destinations: signed, streamed, tried again, told where they stand."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest

from buckets import ACCESS_KEY, BUCKET, REGION, Bucket, open_bucket
from buckets import SECRET_KEY as S3_SECRET
from queueing import rows, take
from serving import EMPTY_EDIT, SECRET_KEY, Api, render_tools
from vidgenie.core.edit.parse import parse
from vidgenie.services import renders
from vidgenie.services.queue import Job
from vidgenie.services.renders import copies, store
from vidgenie.services.renders.copies import ATTEMPTS_MAX, CopyTools
from vidgenie.services.renders.sweep import sweep
from vidgenie.services.storage.memory import MemoryStorage

VIDEO = b"\0\1\2 a video " * 20_000


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    async with open_bucket() as made:
        yield made


def s3(bucket: Bucket, **changes: object) -> dict[str, object]:
    return {
        "bucket": BUCKET,
        "region": REGION,
        "endpoint": bucket.endpoint,
        "access_key_id": ACCESS_KEY,
        "secret_access_key": S3_SECRET,
        **changes,
    }


async def made(api: Api, token: str, **place: object) -> dict[str, Any]:
    answer = await api.data("destination.create", {"name": "archive", **place}, auth=token)
    found = answer["destination"]
    assert isinstance(found, dict)
    return found


def tools_of(api: Api) -> CopyTools:
    context = api.context
    return CopyTools(
        context.db, context.storage, context.client, SECRET_KEY, context.link, Random(1)
    )


async def finished(api: Api, key: str, *asked: object) -> str:
    """Return a render that has just ended, with a video and its poster in the storage."""
    output = {**EMPTY_EDIT["output"], "destinations": list(asked)}
    edit = {**EMPTY_EDIT, "output": output}
    render_id = str((await api.data("render.create", edit, auth=key))["render"]["id"])
    path = api.context.upload_dir / "video"
    path.write_bytes(VIDEO)
    for name in ("t.mp4", "t-poster.jpg"):
        await api.context.storage.put_file(f"renders/{render_id}/{name}", path)
    places = parse(edit).output.destinations
    async with api.db.transaction() as tx:
        render = await store.get(tx, None, render_id)
        files: dict[str, Any] = {
            "key": f"renders/{render_id}/t.mp4",
            "poster_key": f"renders/{render_id}/t-poster.jpg",
            "format": "mp4",
            "sha256": hashlib.sha256(VIDEO).hexdigest(),
            **dict.fromkeys(("width", "height", "fps", "duration", "frames", "size"), 1),
            **await copies.first_states(tx, render.account_id, places),
        }
        ended = await store.end(tx, render_id, "done", output=files)
        assert ended is not None
        await copies.begin(tx, ended, places)
    return render_id


async def states(api: Api, key: str, render_id: str) -> list[dict[str, Any]]:
    found = (await api.data("render.get", {"id": render_id}, auth=key))["render"]
    copied = found["output"]["destinations"]
    assert isinstance(copied, list)
    return copied


async def copy_job(api: Api) -> Job | None:
    await rows(api.db, "UPDATE jobs SET run_at = now() WHERE queue = 'copies' RETURNING id")
    return await take(api.db, queues=["copies"])


async def attempt(api: Api) -> Job:
    """Make the next attempt that is due or waits."""
    job = await copy_job(api)
    assert job is not None
    await copies.send_copy(tools_of(api), job, threading.Event())
    return job


async def test_a_render_is_copied_to_a_bucket(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, s3=s3(bucket, prefix="/renders/"))
    options = {"prefix": "Frühling 1", "filename": "greeting+%"}
    render_id = await finished(api, key, {"id": there["id"], "options": options})
    [waiting] = await states(api, key, render_id)
    assert (waiting["id"], waiting["status"], waiting["files"]) == (there["id"], "queued", [])
    await attempt(api)
    base = f"/{BUCKET}/renders/Frühling 1/greeting+%"
    assert bucket.objects == {f"{base}.mp4": VIDEO, f"{base}-poster.jpg": VIDEO}
    assert bucket.types == {f"{base}.mp4": "video/mp4", f"{base}-poster.jpg": "image/jpeg"}
    [copy] = await states(api, key, render_id)
    assert (copy["status"], copy["attempts"], copy["error"]) == ("done", 1, None)
    assert [file["name"] for file in copy["files"]] == ["video", "poster"]
    assert bucket.heads[0]["x-amz-content-sha256"] == hashlib.sha256(VIDEO).hexdigest()
    assert await copy_job(api) is None


@pytest.mark.parametrize("fault", [500, 503, 429, "break"])
async def test_a_fault_that_passes_is_tried_again_and_what_is_there_is_not_sent_twice(
    api: Api, token: str, key: str, bucket: Bucket, fault: int | str
) -> None:
    there = await made(api, token, s3=s3(bucket))
    render_id = await finished(api, key, {"id": there["id"]})
    bucket.faults = ["none", fault]
    await attempt(api)
    [copy] = await states(api, key, render_id)
    assert (copy["status"], len(copy["files"])) == ("queued", 1)
    assert copy["error"]["code"] == "destination_failed"
    assert copy["next_attempt_at"] is not None
    await attempt(api)
    [copy] = await states(api, key, render_id)
    assert (copy["status"], copy["attempts"], copy["error"]) == ("done", 2, None)
    assert len(bucket.heads) == 3, "the video went once, the poster twice"


async def test_a_refusal_is_final_and_told_in_the_stores_own_words(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    await api.data(
        "webhook.create", {"url": "https://x.example", "events": ["render.copied"]}, auth=token
    )
    there = await made(api, token, s3=s3(bucket, secret_access_key="another"))
    render_id = await finished(api, key, {"id": there["id"]})
    await attempt(api)
    [copy] = await states(api, key, render_id)
    assert (copy["status"], copy["attempts"], copy["next_attempt_at"]) == ("failed", 1, None)
    assert copy["error"]["message"] == (
        "The destination answered 403: SignatureDoesNotMatch (Not the same.)."
    )
    assert await copy_job(api) is None
    [event] = await rows(api.db, "SELECT data FROM events WHERE type = 'render.copied'")
    assert event["data"]["destination"] == copy
    assert bucket.objects == {}


async def test_attempts_come_to_an_end(api: Api, token: str, key: str, bucket: Bucket) -> None:
    there = await made(api, token, s3=s3(bucket))
    render_id = await finished(api, key, {"id": there["id"]})
    bucket.faults = [500] * 20
    while await copy_job_done(api):
        pass
    [copy] = await states(api, key, render_id)
    assert (copy["status"], copy["attempts"]) == ("failed", ATTEMPTS_MAX)


async def copy_job_done(api: Api) -> bool:
    job = await copy_job(api)
    if job is not None:
        await copies.send_copy(tools_of(api), job, threading.Event())
    return job is not None


async def test_a_receiver_of_http_can_prove_who_sent_what(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    bucket.is_signed = False
    place = {
        "url": f"{bucket.endpoint}/in?sig=s3cr3t",
        "headers": {"Authorization": "Bearer s3cr3t"},
    }
    there = await made(api, token, http=place)
    assert "s3cr3t" not in json.dumps(there)
    render_id = await finished(api, key, {"id": there["id"]})
    await attempt(api)
    assert bucket.objects[f"/in/{render_id}.mp4"] == VIDEO
    head, target = bucket.heads[0], bucket.targets[0]
    assert (head["authorization"], target.partition("?")[2]) == ("Bearer s3cr3t", "sig=s3cr3t")
    digest = base64.b64encode(hashlib.sha256(VIDEO).digest()).decode()
    assert head["content-digest"] == f"sha-256=:{digest}:"
    params = head["signature-input"].removeprefix("vidgenie=")
    assert f'keyid="{there["id"]}"' in params
    base = (
        f'"@method": PUT\n"@target-uri": {bucket.endpoint}{target}\n'
        f'"content-digest": {head["content-digest"]}\n"@signature-params": {params}'
    )
    secret = base64.b64decode(there["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(secret, base.encode(), hashlib.sha256)).decode()
    assert head["signature"] == f"vidgenie=:{expected}:"
    [copy] = await states(api, key, render_id)
    assert copy["files"][0]["url"] == f"{bucket.endpoint}/in/{render_id}.mp4"


async def test_shotstacks_way_of_naming_a_bucket(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, s3=s3(bucket))
    named = {"region": REGION, "bucket": BUCKET}
    render_id = await finished(
        api,
        key,
        {"provider": "shotstack"},
        {"provider": "s3", "options": {**named, "filename": "a", "acl": "public-read"}},
        {"provider": "s3", "options": {"region": "us-east-1", "bucket": BUCKET}},
        {"provider": "mux", "options": {"playbackPolicy": ["public"]}},
    )
    found, elsewhere, mux = await states(api, key, render_id)
    assert (found["id"], found["status"]) == (there["id"], "queued")
    assert (elsewhere["status"], mux["status"]) == ("failed", "failed")
    assert "us-east-1" in elsewhere["error"]["message"]
    await attempt(api)
    assert {head.get("x-amz-acl") for head in bucket.heads} == {"public-read"}
    assert set(bucket.objects) == {f"/{BUCKET}/a.mp4", f"/{BUCKET}/a-poster.jpg"}


async def test_what_is_deleted_meanwhile_ends_the_copy(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, s3=s3(bucket))
    first, second = [await finished(api, key, {"id": there["id"]}) for _ in range(2)]
    await api.data("render.delete", {"id": first}, auth=key)
    await attempt(api)
    await api.data("destination.delete", {"id": there["id"]}, auth=token)
    await attempt(api)
    [copy] = await states(api, key, second)
    assert copy["status"] == "failed"
    assert "deleted" in copy["error"]["message"]
    assert bucket.heads == []
    status, code = await api.refused(
        "render.create",
        {**EMPTY_EDIT, "output": {**EMPTY_EDIT["output"], "destinations": [{"id": there["id"]}]}},
        auth=key,
    )
    assert (status, code) == (422, "validation_failed")


async def test_files_that_are_wanted_elsewhere_only_go_after_a_day(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, s3=s3(bucket))
    asked = ({"provider": "shotstack", "exclude": True}, {"id": there["id"]})
    render_id = await finished(api, key, *asked)
    storage = api.context.storage
    await sweep(api.db, storage, render_ttl_s=1e9)
    assert await storage.head(f"renders/{render_id}/t.mp4") is not None
    await rows(
        api.db,
        "UPDATE renders SET files_until = files_until - interval '25 hours' RETURNING id",
    )
    await sweep(api.db, storage, render_ttl_s=1e9)
    assert await storage.head(f"renders/{render_id}/t.mp4") is None
    output = (await api.data("render.get", {"id": render_id}, auth=key))["render"]["output"]
    assert (output["url"], output["poster_url"], output["format"]) == (None, None, "mp4")


async def test_credentials_are_shown_by_no_call(api: Api, token: str, bucket: Bucket) -> None:
    there = await made(api, token, s3=s3(bucket, session_token="t0ken"))
    changed = {"id": there["id"], "name": "b", "s3": s3(bucket, session_token="t0ken2")}
    answers = [
        there,
        await api.data("destination.get", {"id": there["id"]}, auth=token),
        await api.data("destination.list", auth=token),
        await api.data("destination.update", changed, auth=token),
    ]
    text = json.dumps(answers)
    assert S3_SECRET not in text
    assert "t0ken" not in text
    assert ACCESS_KEY not in text
    assert answers[1]["destination"]["s3"]["access_key_id"] == "AKID…0001"
    [row] = await rows(api.db, "SELECT * FROM destinations")
    assert S3_SECRET.encode() not in bytes(row["secrets"])
    assert "t0ken" not in json.dumps(row["place"])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ""),
        ({"s3": {"bucket": "b"}}, "/s3/region"),
        ({"http": {"url": "ftp://a.example"}}, "/http/url"),
        ({"http": {"url": "https://10.0.0.1/in"}}, "/http/url"),
        ({"http": {"url": "https://a.example", "headers": {"Host": "b"}}}, "/http/headers/Host"),
        ({"http": {"url": "https://a.example", "headers": {"A": "b\nC: d"}}}, "/http/headers/A"),
    ],
)
async def test_what_cannot_be_a_destination_is_refused(
    api: Api, token: str, body: dict[str, Any], path: str
) -> None:
    response = await api.call("destination.create", {"name": "a", **body}, auth=token)
    assert response.status_code == 422, response.text
    assert path in [detail["path"] for detail in response.json()["error"]["details"]]


async def test_a_destination_in_a_private_network_is_asked_nothing(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, http={"url": f"http://localtest.example:{bucket.port}"})

    async def private(host: str, port: int) -> list[str]:
        return ["10.9.8.7"]

    api.context.client._transport._pool._network_backend._resolver = private  # type: ignore[attr-defined]
    tried = await api.data("destination.test", {"id": there["id"]}, auth=token)
    assert tried["delivered"] is False
    assert "not public" in tried["error"]
    assert bucket.heads == []


async def test_a_destination_can_be_tried_out(api: Api, token: str, bucket: Bucket) -> None:
    there = await made(api, token, s3=s3(bucket, prefix="in"))
    tried = await api.data("destination.test", {"id": there["id"]}, auth=token)
    assert (tried["delivered"], tried["status"], tried["error"]) == (True, 200, None)
    assert list(bucket.objects) == [f"/{BUCKET}/in/vidgenie-test.txt"]
    bucket.faults = [403]
    tried = await api.data("destination.test", {"id": there["id"]}, auth=token)
    assert (tried["delivered"], tried["status"]) == (False, 403)
    assert tried["error"] == "The destination answered 403: Fault403 (As told.)."


async def test_a_render_that_ends_begins_its_copies(
    api: Api, token: str, key: str, bucket: Bucket
) -> None:
    there = await made(api, token, s3=s3(bucket))
    output = {"format": "png", "size": {"width": 32, "height": 32}}
    edit = {**EMPTY_EDIT, "output": {**output, "destinations": [{"id": there["id"]}]}}
    render_id = (await api.data("render.create", edit, auth=key))["render"]["id"]
    storage = MemoryStorage()
    tools = render_tools(api.db, storage, api.context.upload_dir)
    tools.work_dir.mkdir(parents=True, exist_ok=True)
    while (job := await take(api.db)) is not None:
        await renders.JOBS[job.kind](tools, job, threading.Event())
    [copy] = await states(api, key, render_id)
    assert (copy["id"], copy["status"]) == (there["id"], "queued")
    job = await copy_job(api)
    assert job is not None
    assert job.lane == there["id"]
    made_of = CopyTools(api.db, storage, api.context.client, SECRET_KEY, api.context.link)
    await copies.send_copy(made_of, job, threading.Event())
    assert list(bucket.objects) == [f"/{BUCKET}/{render_id}.png"]
