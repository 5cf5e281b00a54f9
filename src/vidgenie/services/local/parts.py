"""The parts of a local render: each distinct chunk made once, or taken from those kept before."""

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vidgenie.core.plan.keys import Keys, sound_key
from vidgenie.core.plan.model import Chunk, Plan
from vidgenie.engine import sandbox
from vidgenie.engine.fingerprint import engine_fingerprint
from vidgenie.engine.kept import KeptChunks
from vidgenie.engine.tasks import image_arguments
from vidgenie.engine.values import Assets, RenderStats

LIMITS = sandbox.SandboxLimits(wall_s=6 * 3600)

KEPT_SIZE_MAX = 4 << 30
"""Bytes of chunks kept on this machine: some hours of 1080p."""

SCOPE = "local"
"""On a machine of one's own there is one account."""

Note = Callable[[int, int], None]
"""Takes a chunk's number and its finished frames."""


def kept_folder(chosen: Path | None) -> Path:
    """Return where chunks are kept: as chosen, or in the user's cache folder."""
    if chosen is not None:
        return chosen
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "vidgenie" / "chunks"


def open_kept(folder: Path) -> KeptChunks | None:
    """Return the chunks kept in a folder; None where the folder cannot be made."""
    try:
        return KeptChunks(folder, size_max=KEPT_SIZE_MAX)
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Made:
    """One distinct chunk's file; `stats` is None where it was made by an earlier render.

    `hashes`: of its decoded frames, where they are asked for.
    """

    path: Path
    stats: RenderStats | None
    hashes: tuple[str, ...] = ()


class Parts:
    """Makes a plan's chunks and sound in a folder, on the threads of a pool."""

    def __init__(
        self,
        plan: Plan,
        assets: Assets,
        folder: Path,
        kept: KeptChunks | None,
        *,
        hash_frames: bool = False,
    ) -> None:
        self._hash_frames = hash_frames and plan.form.kind == "video"
        self._plan = plan
        self._assets = assets
        self._folder = folder
        self._kept = kept
        self._identities = _identities(assets)
        keys = Keys(plan, self._identities, scope=SCOPE, version=engine_fingerprint())
        # A chunk without a key is like no other one.
        self._keys = [keys.of(chunk) or f"#{chunk.index}" for chunk in plan.chunks]

    def start(self, pool: ThreadPoolExecutor, note: Note) -> Mapping[str, "Future[Made]"]:
        """Begin with every distinct chunk; return what is to come, by key."""
        firsts: dict[str, Chunk] = {}
        for chunk, key in zip(self._plan.chunks, self._keys, strict=True):
            firsts.setdefault(key, chunk)
        return {key: pool.submit(self._chunk, chunk, key, note) for key, chunk in firsts.items()}

    def files(self, made: Mapping[str, Made]) -> dict[int, Path]:
        """Return every chunk's file by its index; chunks of one key share one."""
        return {n: made[key].path for n, key in enumerate(self._keys)}

    def frame_hashes(self, made: Mapping[str, Made]) -> list[str]:
        """Return the hashes of all frames in the order in which they are shown."""
        pairs = zip(self._plan.chunks, self._keys, strict=True)
        return [h for chunk, key in pairs for h in made[key].hashes * chunk.repeat]

    def sound(self) -> Path:
        """Make the sound's file, or take the one kept."""
        timeline, target = self._plan.timeline, self._folder / "sound"
        version, form = engine_fingerprint(), self._plan.form.sound
        key = sound_key(timeline, self._identities, scope=SCOPE, version=version, form=repr(form))
        if self._kept is None or not self._kept.find(key, target):
            sandbox.run("encode_sound", (timeline, self._assets, target, form), limits=LIMITS)
            self._keep(key, target)
        return target

    def _chunk(self, chunk: Chunk, key: str, note: Note) -> Made:
        target = self._folder / str(chunk.index)
        if self._kept is not None and self._kept.find(key, target):
            note(chunk.index, len(chunk.frames))
            return Made(target, None, self._hashes(key, target))
        plan = self._plan
        task, told = "render_chunk", (plan.timeline, chunk, self._assets, plan.encoder, target)
        if plan.form.kind == "image":
            task, told = "render_still", image_arguments(plan, self._assets, target)
        stats: RenderStats = sandbox.run(
            task, told, limits=LIMITS, on_progress=lambda frames: note(chunk.index, frames)
        )
        note(chunk.index, len(chunk.frames))
        self._keep(key, target)
        return Made(target, stats, self._hashes(key, target))

    def _hashes(self, key: str, chunk: Path) -> tuple[str, ...]:
        """Return the hashes of a chunk's frames; they are kept beside it."""
        if not self._hash_frames:
            return ()
        name, told = f"frames{key}", chunk.with_suffix(".frames")
        if self._kept is not None and self._kept.find(name, told):
            return tuple(told.read_text().split())
        hashes: list[str] = sandbox.run("frame_hashes", (chunk,), limits=LIMITS)
        told.write_text("\n".join(hashes))
        if not key.startswith("#"):
            self._keep(name, told)
        return tuple(hashes)

    def _keep(self, key: str, path: Path) -> None:
        if self._kept is not None and not key.startswith("#"):
            self._kept.keep(key, path)


def _identities(assets: Assets) -> dict[str, str]:
    """Return what every source holds, as a hash of its content."""
    hashes = {}
    for name, source in assets.items():
        with source.path.open("rb") as file:
            hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes
