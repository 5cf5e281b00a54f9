"""Shotstack's own Node client against a running server: `make test-node` (Node ≥ 18 with npm)."""

import json
import os
import subprocess
from pathlib import Path

import media
from instances import make_client, running

CLIENT = "shotstack-sdk@0.2.9"
SCRIPT = Path(__file__).with_name("door.cjs")


def test_a_node_program_renders_keeps_templates_probes_and_uploads(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}')
    install = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", CLIENT)
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
    path = media.write_counter_video(tmp_path / "a.mp4", size=(64, 36), frames=10)
    with running(tmp_path / "data") as instance:
        client = make_client(instance, "tester")
        environment = {"SERVER": instance.url, "KEY": client.key, "FILE": str(path)}
        done = subprocess.run(
            ("node", str(SCRIPT)),
            cwd=folder,
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        client.http.close()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("bytes") > 1000
    assert found == {
        "render": {"message": "Created", "status": "done", "duration": 0.4},
        "template": {"isListed": True, "status": "done"},
        "missing": 404,
        "files": ["ready"],
        "source": {"sent": 200, "status": "ready", "width": 64},
        "probe": {"width": 64, "kind": "video"},
    }
