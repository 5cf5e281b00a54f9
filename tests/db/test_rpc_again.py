"""Doing things again, and changing them: retry, rotate, update."""

from serving import EMPTY_EDIT, Api


async def test_retry_is_a_new_render_of_the_same_edit(api: Api, key: str) -> None:
    edit = {**EMPTY_EDIT, "metadata": {"n": 1}}
    named = {"id": (await api.data("render.create", edit, auth=key))["render"]["id"]}
    assert await api.refused("render.retry", named, auth=key) == (409, "conflict")
    await api.data("render.cancel", named, auth=key)
    again = (await api.data("render.retry", named, auth=key))["render"]
    assert (again["status"], again["metadata"]) == ("queued", {"n": 1})
    assert again["id"] != named["id"]
    stranger = await api.key(await api.account("bob"))
    assert await api.refused("render.retry", named, auth=stranger) == (404, "not_found")
    reader = await api.refused("render.retry", named)
    assert reader == (401, "unauthenticated")


async def test_rotated_key_stays_good_for_the_overlap(api: Api, token: str) -> None:
    old = await api.data("apikey.create", {"name": "k", "scopes": ["render:read"]}, auth=token)
    named = {"id": old["api_key"]["id"]}
    new = (await api.data("apikey.rotate", named, auth=token))["api_key"]
    assert (new["name"], new["scopes"], new["expires_at"]) == ("k", ["render:read"], None)
    for plaintext in (old["api_key"]["plaintext"], new["plaintext"]):
        await api.data("render.list", auth=plaintext)
    await api.data("apikey.rotate", {**named, "overlap": 0}, auth=token)
    refused = await api.refused("render.list", auth=old["api_key"]["plaintext"])
    assert refused == (401, "unauthenticated")
    assert await api.refused("apikey.rotate", named, auth=token) == (404, "not_found")
    stranger = await api.account("bob")
    body = {"id": new["id"]}
    assert await api.refused("apikey.rotate", body, auth=stranger) == (404, "not_found")
    await api.data("render.list", auth=new["plaintext"])


async def test_new_key_ends_when_the_old_one_would_have(api: Api, token: str) -> None:
    old = await api.data("apikey.create", {"name": "k", "expires_in": 3600}, auth=token)
    new = await api.data("apikey.rotate", {"id": old["api_key"]["id"], "overlap": 60}, auth=token)
    assert new["api_key"]["expires_at"][:18] == old["api_key"]["expires_at"][:18]


async def test_webhook_is_changed_and_switched_off(api: Api, token: str, key: str) -> None:
    url = "https://hooks.example/a"
    made = (await api.data("webhook.create", {"url": url}, auth=key))["webhook"]
    named = {"id": made["id"]}
    changes = {**named, "events": ["batch.done"], "enabled": False}
    changed = (await api.data("webhook.update", changes, auth=token))["webhook"]
    assert (changed["url"], changed["events"], changed["enabled"]) == (url, ["batch.done"], False)
    assert (await api.data("webhook.get", named, auth=key))["webhook"] == changed
    wrong = {**named, "url": "ftp://x", "events": ["render.dnoe"]}
    assert await api.refused("webhook.update", wrong, auth=key) == (422, "validation_failed")
    stranger = await api.account("bob")
    for call in ("webhook.get", "webhook.update"):
        assert await api.refused(call, named, auth=stranger) == (404, "not_found")
        assert await api.refused(call, named) == (401, "unauthenticated")
