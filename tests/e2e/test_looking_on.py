"""Looking on while a render is made: its events, to the end; and one frame of an edit, at once."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

import media
from instances import Client

Event = dict[str, Any]


def events_of(client: Client, render_id: str, last_id: str | None = None) -> Iterator[Event]:
    """Yield a render's events as they come; ends when the server closes the stream."""
    headers = {"x-api-key": client.key} | ({"last-event-id": last_id} if last_id else {})
    url = f"/api/v1/render.events?id={render_id}"
    with client.http.stream("GET", url, headers=headers, timeout=60) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: Event = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line == "" and "data" in event:
                yield {**event, "data": json.loads(event["data"])}
                event = {}
            elif name in ("id", "event", "data"):
                event[name] = value


def test_events_can_be_left_and_taken_up_again_until_they_end(client: Client) -> None:
    clip = {"asset": {"type": "text", "text": "Hello"}, "start": 0, "length": 12}
    clip |= {"effect": "zoomIn"}
    edit = {"timeline": {"tracks": [{"clips": [clip]}]}, "output": {"format": "mp4", "fps": 30}}
    edit["output"] |= {"size": {"width": 640, "height": 360}}
    render_id = client.call("render.create", edit)["render"]["id"]

    begun = [next(events_of(client, render_id))]  # and away, as a laptop is closed
    rest = list(events_of(client, render_id, begun[-1]["id"]))
    events = [*begun, *rest]

    ids = [event["id"] for event in events]
    assert len(ids) == len(set(ids)), "nothing is told twice"
    assert all(event["data"]["id"] == render_id for event in events)
    progress = [event["data"]["progress"] for event in events]
    assert progress == sorted(progress)
    order = ["queued", "fetching", "rendering", "saving", "done"]
    places = [order.index(event["data"]["status"]) for event in events]
    assert places == sorted(places)
    assert "render" not in events[0]["data"]
    last = events[-1]
    assert (last["event"], last["data"]["status"], last["data"]["progress"]) == (
        "status",
        "done",
        1,
    )
    assert last["data"]["render"]["output"]["frames"] == 360

    url = f"/api/v1/render.events?id={render_id}"
    headers = {"x-api-key": client.key, "last-event-id": last["id"]}
    assert client.http.get(url, headers=headers).status_code == 204
    late = list(events_of(client, render_id))
    assert [event["id"] for event in late] == [last["id"]], "who comes late hears the end"


def test_a_frame_of_an_edit_comes_cold_and_warm(client: Client, tmp_path: Path) -> None:
    src = client.upload(media.write_image(tmp_path / "a.jpg", (1920, 1080)))
    title = {"type": "text", "text": "A title", "font": {"size": 80, "color": "#ffffff"}}
    clips = [
        {"asset": {"type": kind, **rest}, "start": 0, "length": 2}
        for kind, rest in (("text", title), ("image", {"src": src}))
    ]
    edit = {
        "timeline": {"tracks": [{"clips": [clip]} for clip in clips]},
        "output": {"format": "mp4", "resolution": "1080"},
    }
    for number in range(3):
        answer = client.raw("render.snapshot", {**edit, "time": 1 + number / 30})
        assert answer.status_code == 200, answer.text
    with av.open(io.BytesIO(answer.content)) as image:
        frame = next(image.decode(video=0)).to_ndarray(format="rgb24")
    assert frame.shape == (1080, 1920, 3)
    assert np.ptp(frame) > 200, "a title over a picture"
