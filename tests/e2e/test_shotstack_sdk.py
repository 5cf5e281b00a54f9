"""Shotstack's own Python client, unmodified, as a program written for Shotstack uses it."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shotstack_sdk as shotstack
from shotstack_sdk.api import edit_api, ingest_api, serve_api
from shotstack_sdk.model.clip import Clip
from shotstack_sdk.model.edit import Edit
from shotstack_sdk.model.merge_field import MergeField
from shotstack_sdk.model.output import Output
from shotstack_sdk.model.poster import Poster
from shotstack_sdk.model.size import Size
from shotstack_sdk.model.source import Source
from shotstack_sdk.model.template import Template
from shotstack_sdk.model.template_render import TemplateRender
from shotstack_sdk.model.timeline import Timeline
from shotstack_sdk.model.title_asset import TitleAsset
from shotstack_sdk.model.track import Track
from standardwebhooks import Webhook

import media
from instances import Client, Instance, Receiver, wait_for
from vidgenie.services.db.ids import from_uuid


def client_of(instance: Instance, client: Client, base: str) -> shotstack.ApiClient:
    configuration = shotstack.Configuration(host=f"{instance.url}/shotstack/{base}")
    configuration.api_key["DeveloperKey"] = client.key
    return shotstack.ApiClient(configuration)


@pytest.fixture
def edits(instance: Instance, client: Client) -> Iterator[edit_api.EditApi]:
    with client_of(instance, client, "edit/stage") as api:
        yield edit_api.EditApi(api)


def greeting(**more: Any) -> Edit:
    title = TitleAsset(text="Hi {{ NAME }} {{LAST}}", style="minimal")
    track = Track(clips=[Clip(asset=title, start=0.0, length=0.4)])
    output = Output(
        format="mp4", size=Size(width=160, height=90), fps=25.0, poster=Poster(capture=0.2)
    )
    return Edit(timeline=Timeline(background="#203040", tracks=[track]), output=output, **more)


def finished(edits: edit_api.EditApi, render_id: str) -> Any:
    def look() -> Any:
        response = edits.get_render(render_id, data=False, merged=True)["response"]
        return response if response["status"] in ("done", "failed") else None

    return wait_for(f"the end of {render_id}", look)


def test_an_edit_is_rendered_polled_and_called_back(
    edits: edit_api.EditApi,
    instance: Instance,
    client: Client,
    receiver: Receiver,
    tmp_path: Path,
) -> None:
    merge = [MergeField(find="NAME", replace="Ada")]
    queued = edits.post_render(greeting(merge=merge, callback=receiver.url))
    assert queued["success"] is True
    render_id = queued["response"]["id"]
    response = finished(edits, render_id)
    assert response["status"] == "done", response
    assert response["duration"] == 0.4
    assert response["render_time"] > 0
    assert response["thumbnail"] is None
    video = client.download(response["url"], tmp_path / "video.mp4")
    assert video.read_bytes()[4:8] == b"ftyp"
    assert client.http.get(response["poster"]).content[:2] == b"\xff\xd8"
    whole = edits.get_render(render_id)["response"]
    assert whole["data"]["merge"][0]["find"] == "NAME"

    with client_of(instance, client, "serve/v1") as api:
        _check_files(serve_api.ServeApi(api), client, response, render_id)

    told = wait_for("the callbacks", lambda: len(receiver.received) == 3 and receiver.received, 30)
    bodies = {json.loads(body)["type"]: json.loads(body) for _, body in told}
    assert bodies["edit"]["action"] == "render"
    assert (bodies["edit"]["id"], bodies["edit"]["status"]) == (render_id, "done")
    assert bodies["serve"]["render"] == render_id
    secret = client.call("account.get", key=False)["account"]["callback_secret"]
    for headers, body in told:
        Webhook(secret).verify(body.decode(), headers)
    assert len({headers["webhook-id"] for headers, _ in told}) == 3


def _check_files(api: serve_api.ServeApi, client: Client, render: Any, render_id: str) -> None:
    files = [entry["attributes"] for entry in api.get_asset_by_render_id(render_id)["data"]]
    assert [file["filename"] for file in files] == [f"{render_id}.mp4", f"{render_id}-poster.jpg"]
    assert {(file["render_id"], file["status"]) for file in files} == {(render_id, "ready")}
    video, poster = files
    assert client.http.get(video["url"]).content == client.http.get(render["url"]).content
    api.delete_asset(poster["id"])
    gone = api.get_asset(poster["id"])["data"]["attributes"]
    assert gone["status"] == "deleted"
    assert client.http.get(poster["url"]).status_code == 404
    assert api.get_asset(video["id"])["data"]["attributes"]["status"] == "ready"


def test_a_template_is_kept_and_rendered(edits: edit_api.EditApi, client: Client) -> None:
    made = edits.post_template(Template(name="greeting", template=greeting()))
    template_id = made["response"]["id"]
    listed = edits.get_templates()["response"]["templates"]
    assert template_id in [entry["id"] for entry in listed]
    kept = edits.get_template(template_id)["response"]
    assert kept["template"]["timeline"]["background"] == "#203040"
    merge = [MergeField(find="NAME", replace="Grace")]
    queued = edits.post_template_render(TemplateRender(id=template_id, merge=merge))
    response = finished(edits, queued["response"]["id"])
    assert response["status"] == "done", response
    ours = from_uuid(uuid.UUID(queued["response"]["id"]), "rnd")
    warnings = client.call("render.get", {"id": ours})["render"]["warnings"]
    assert "merge_field_unfilled" in [warning["code"] for warning in warnings]
    # As text: the client reads assets as None, as it cannot tell their kinds apart.
    shown = edits.get_render(queued["response"]["id"], data=True, _preload_content=False)
    assert "Hi Grace {{LAST}}" in shown.data.decode()
    edits.put_template(template_id, Template(name="renamed", template=greeting()))
    assert edits.get_template(template_id)["response"]["name"] == "renamed"
    edits.delete_template(template_id)
    with pytest.raises(shotstack.exceptions.NotFoundException) as missing:
        edits.get_template(template_id)
    assert template_id in json.loads(missing.value.body)["message"]


def test_a_file_is_probed(edits: edit_api.EditApi, client: Client, tmp_path: Path) -> None:
    src = client.upload(media.write_counter_video(tmp_path / "a.mp4", size=(64, 36), frames=10))
    metadata = edits.probe(src)["response"]["metadata"]
    picture = metadata["streams"][0]
    assert (picture["codec_type"], picture["width"], picture["height"]) == ("video", 64, 36)
    assert picture["nb_frames"] == "10"
    assert metadata["format"]["size"] == str((tmp_path / "a.mp4").stat().st_size)
    with pytest.raises(shotstack.exceptions.ApiException) as refused:
        edits.probe("http://127.0.0.1:9/no.mp4?a=b c")
    assert refused.value.status == 400
    assert "http://127.0.0.1:9/no.mp4?a=b c" in json.loads(refused.value.body)["message"]


def imported(api: ingest_api.IngestApi, source_id: str) -> Any:
    def look() -> Any:
        found = api.get_source(source_id)["data"]["attributes"]
        return found if found["status"] in ("ready", "failed") else None

    return wait_for(f"the import of {source_id}", look)


def test_files_are_fetched_and_sent(instance: Instance, client: Client, tmp_path: Path) -> None:
    path = media.write_counter_video(tmp_path / "a.mp4", size=(64, 36), frames=10)
    with client_of(instance, client, "ingest/stage") as made:
        api = ingest_api.IngestApi(made)
        link = api.get_upload_signed_url()["data"]
        url = link["attributes"]["url"]
        assert client.http.put(url.replace("sig=", "sig=x"), content=b"").status_code == 403
        assert client.http.put(url, content=b"nothing that is a file").status_code == 400
        assert client.http.put(url, content=path.read_bytes()).status_code == 200
        assert client.http.put(url, content=path.read_bytes()).status_code == 409
        sent = imported(api, link["id"])
        assert (sent["status"], sent["width"], sent["height"]) == ("ready", 64, "36")
        queued = api.post_source(Source(url=sent["source"]))["data"]
        fetched = imported(api, queued["id"])
        assert (fetched["status"], fetched["duration"]) == ("ready", sent["duration"])
        assert fetched["src"] == sent["src"]
        gone = imported(api, api.post_source(Source(url=f"{instance.url}/no.mp4"))["data"]["id"])
        assert gone["status"] == "failed"
        assert "404" in gone["error"]
        api.delete_source(link["id"])
        assert client.http.get(fetched["source"]).status_code == 200  # the other one's, too
        api.delete_source(queued["id"])
        assert client.http.get(fetched["source"]).status_code == 404
        left = [entry["id"] for entry in api.get_sources()["data"]]
        assert link["id"] not in left
        assert api.get_source(link["id"])["data"]["attributes"]["status"] == "deleted"
