"""Nothing accepted is lost, whatever is killed."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import av
import pytest

import media
from instances import Client, Instance, Receiver, make_client, running, wait_for
from vidgenie.errors import LeaseLost
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.queue import Job


def long_edit(src: str, quality: str = "medium") -> dict[str, Any]:
    """Some seconds of work in two chunks; another quality is work that nobody did before."""
    clip = {"asset": {"type": "video", "src": src}, "start": 0, "length": 8}
    return {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "resolution": "1080", "fps": 30, "quality": quality},
    }


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source of eight seconds."""
    folder = tmp_path_factory.mktemp("killed")
    return media.write_counter_video(folder / "clip.mp4", size=(640, 360), frames=240)


def running_part(instance: Instance, render_id: str) -> dict[str, Any] | None:
    """A part that is being rendered and of which frames are written already."""
    rows = instance.sql(
        "SELECT j.*, p.frames_done FROM jobs j JOIN render_parts p ON p.render_id = j.group_id"
        " AND p.part = (j.payload ->> 'part')::int WHERE j.group_id = %s"
        " AND j.kind = 'render_part' AND j.status = 'running' AND p.frames_done > 0",
        render_id,
    )
    return rows[0] if rows else None


async def test_a_worker_killed_in_a_chunk_costs_an_attempt_and_nothing_else(
    instance: Instance, client: Client, receiver: Receiver, clip: Path, tmp_path: Path
) -> None:
    hook = client.call("webhook.create", {"url": receiver.url})["webhook"]
    render_id = client.call("render.create", long_edit(client.upload(clip)))["render"]["id"]
    job = wait_for("a part with frames", lambda: running_part(instance, render_id))
    assert job["frames_done"] > 0
    victim = int(job["worker"].rpartition(":")[2])
    assert victim in instance.workers()
    os.kill(victim, signal.SIGKILL)

    render = client.ended(render_id)
    assert render["status"] == "done", render
    assert render["attempts"] == 2

    # The dead worker's word does not count any more.
    stale = Job.of(job)
    url = instance.sql("SELECT current_setting('unix_socket_directories') AS folder")[0]["folder"]
    async with Database(f"postgresql://postgres@/vidgenie?host={url}") as db:
        for verb in (queue.finish, lambda tx, job: queue.snooze(tx, job, 0)):
            with pytest.raises(LeaseLost):
                async with db.transaction() as tx:
                    await verb(tx, stale)

    path = client.download(render["output"]["url"], tmp_path / "video.mp4")
    with av.open(str(path)) as container:
        shown = [media.read_counter(f.to_ndarray(format="gray")) for f in container.decode(video=0)]
    assert shown == list(range(240))
    wait_for("the webhook", lambda: receiver.of_type("render.done"), 30)
    ids = {headers["webhook-id"] for headers, _ in receiver.of_type("render.done")}
    assert len(ids) == 1
    artifacts = list((instance.data / "storage" / "renders" / render_id).glob("*.mp4"))
    assert len(artifacts) == 1
    client.call("webhook.delete", {"id": hook["id"]})


def test_a_cancelled_render_stops_and_frees_its_worker(
    instance: Instance, client: Client, clip: Path
) -> None:
    edit = long_edit(client.upload(clip), quality="low")
    render_id = client.call("render.create", edit)["render"]["id"]
    wait_for("a part with frames", lambda: running_part(instance, render_id))
    began = time.monotonic()
    assert client.call("render.cancel", {"id": render_id})["render"]["status"] == "cancelled"
    gone = "SELECT id FROM jobs WHERE group_id = %s"
    wait_for("the end of its jobs", lambda: not instance.sql(gone, render_id), 10)
    assert time.monotonic() - began < 5  # a heartbeat (a third of the 3 s lease) and some slack
    assert client.call("render.get", {"id": render_id})["render"]["status"] == "cancelled"
    answer = client.raw("render.cancel", {"id": render_id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_cancellable")


def test_an_instance_killed_outright_goes_on_where_it_was(tmp_path: Path, clip: Path) -> None:
    data = tmp_path / "data"
    with running(data, "--lease", "3s") as first:
        client = make_client(first, "survivor")
        render_id = client.call("render.create", long_edit(client.upload(clip)))["render"]["id"]
        wait_for("a part with frames", lambda: running_part(first, render_id))
        first.process.kill()
        first.process.wait()
        client.http.close()
    with running(data, "--lease", "3s") as second:
        client.http = type(client.http)(base_url=second.url, timeout=60)
        render = client.ended(render_id)
        assert render["status"] == "done", render
        assert render["output"]["frames"] == 240
        assert second.stop() < 5
        client.http.close()
    assert not (data / "instance.json").exists()


def test_a_second_instance_in_the_same_folder_is_refused_and_harms_nothing(
    instance: Instance, client: Client
) -> None:
    before = (instance.data / "instance.json").read_text()
    done = instance.command("up", "--port", "0")
    assert done.returncode == 1
    assert "An instance runs in" in done.stderr
    port = instance.url.rpartition(":")[2]
    taken = instance.command("up", "--port", port)
    assert taken.returncode == 1
    assert "cannot be listened on" in taken.stderr
    assert (instance.data / "instance.json").read_text() == before
    assert client.call("account.get", key=False)["account"]["username"] == "tester"
