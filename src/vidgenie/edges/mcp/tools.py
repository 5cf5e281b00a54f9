"""What the tools do: an edit in, words, a picture or a file out. All within one folder."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from vidgenie.core.edit.merge import merge_values
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.explain import explain
from vidgenie.errors import EditInvalid, RequestInvalid, VidGenieError
from vidgenie.services.local.parts import Note, kept_folder, open_kept
from vidgenie.services.local.render import LocalJob, load, preview, render

EditGiven = dict[str, Any] | str
"""An edit, or the name of a file that holds one."""


@dataclass(slots=True)
class Workshop:
    """The folder that an assistant works in; networks are private ones it may fetch from.

    One render at a time: each takes all cores.
    """

    folder: Path
    allow_networks: str = ""
    rendering: Lock = field(default_factory=Lock)

    def validate(self, edit: EditGiven, merge: dict[str, Any] | None) -> dict[str, Any]:
        """Return whether an edit is valid, and every problem with its path."""
        try:
            parse(self._document(edit, merge), allow_local=True)
        except EditInvalid as error:
            return {"valid": False, "problems": _problems(error)}
        return {"valid": True, "problems": []}

    def explain(self, edit: EditGiven, merge: dict[str, Any] | None) -> str:
        """Return the plan in words, and the warnings."""
        job = self._loaded(edit, merge)
        return "\n".join((explain(job.plan), *(f"warning: {told}" for told in job.warnings)))

    def preview(
        self, edit: EditGiven, merge: dict[str, Any] | None, *, time: float, width: int
    ) -> tuple[bytes, str]:
        """Return the picture at a time as a JPEG, and what it is."""
        job = self._loaded(edit, merge)
        frame, data = preview(job, time, width)
        timeline = job.plan.timeline
        seconds = len(timeline.frames) / float(timeline.rate)
        told = f"frame {frame} of {len(timeline.frames)} ({seconds:g} s), output {timeline.size}"
        return data, "\n".join((told, *(f"warning: {warning}" for warning in job.warnings)))

    def render(
        self,
        edit: EditGiven,
        merge: dict[str, Any] | None,
        *,
        name: str,
        overwrite: bool,
        note: "Progress",
    ) -> dict[str, Any]:
        """Render to a file of the folder; return where it is and what it holds."""
        output = self._inside(name)
        if output.exists() and not overwrite:
            raise RequestInvalid(
                f"There is a file {name} already; take another name, or say overwrite: true."
            )
        with self.rendering:
            job = self._loaded(edit, merge)
            note.total = job.frames
            kept = open_kept(kept_folder(None))
            done = render(job, output, workers=0, kept=kept, note=note.take)
        wanted = ("frames", "duration_s", "size_bytes", "wall_s")
        return {
            "path": str(done.path),
            "beside": [str(path) for path in done.beside],
            "size": done.size or None,
            **{name: done.figures[name] for name in wanted},
            "warnings": list(job.warnings),
        }

    def _loaded(self, edit: EditGiven, merge: dict[str, Any] | None) -> LocalJob:
        document = self._document(edit, merge)
        return load(document, self.folder, allow_networks=self.allow_networks, is_held_in=True)

    def _document(self, edit: EditGiven, merge: dict[str, Any] | None) -> dict[str, Any]:
        """Return the edit with the values of its placeholders. Raises: RequestInvalid."""
        document = self._read(edit) if isinstance(edit, str) else edit
        if not isinstance(document, dict):
            raise RequestInvalid("The edit is no object: it is {timeline: …, output: …}.")
        if not merge:
            return document
        return {**document, "merge": {**merge_values(document.get("merge")), **merge}}

    def _read(self, edit: str) -> Any:
        is_itself = edit.lstrip().startswith("{")
        try:
            return json.loads(edit if is_itself else self._inside(edit).read_text("utf-8"))
        except (ValueError, RecursionError) as error:
            raise RequestInvalid(f"The edit is not JSON: {error}.") from None
        except OSError as error:
            raise RequestInvalid(f"{edit} cannot be read: {error.strerror}.") from None

    def _inside(self, name: str) -> Path:
        """Return a file of the folder. Raises: RequestInvalid for one of any other place."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or path == self.folder:
            raise RequestInvalid(f"{name} is not within {self.folder}, where files are kept.")
        return path


class Progress:
    """Counts the finished frames of a render's chunks; tells `on_frames` the sum and the total."""

    def __init__(self, on_frames: Note) -> None:
        self.total = 0
        self._done: dict[int, int] = {}
        self._lock = Lock()
        self._on_frames = on_frames

    def take(self, chunk: int, frames: int) -> None:
        """Take a chunk's finished frames."""
        with self._lock:
            if frames <= self._done.get(chunk, 0):
                return
            self._done[chunk] = frames
            done = sum(self._done.values())
        self._on_frames(done, self.total)


def words_of(error: VidGenieError) -> str:
    """Return an error in words: an assistant mends its edit by the paths."""
    lines = [f"{entry['path'] or '/'}: {entry['message']}" for entry in _problems(error)]
    return "\n".join((f"{error.code}: {error.message}", *lines))


def _problems(error: VidGenieError) -> list[dict[str, str]]:
    return [{"path": p.path, "code": p.code, "message": p.message} for p in error.problems]
