"""The parts of a local render: each distinct chunk made once, or taken from those kept before."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from vidgenie.core.plan.hls import Rung
from vidgenie.core.plan.keys import Identities, Keys, sound_key
from vidgenie.core.plan.model import Chunk, Plan
from vidgenie.engine import sandbox
from vidgenie.engine.fingerprint import engine_fingerprint
from vidgenie.engine.kept import KeptChunks
from vidgenie.engine.session import Session
from vidgenie.engine.tasks import finish_arguments, image_arguments, package_arguments, rung_of
from vidgenie.engine.values import Assets, HlsFile, RenderStats, Stitched
from vidgenie.services.local.line import Line

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
        identities: Identities,
        *,
        hash_frames: bool = False,
        first: int = 0,
    ) -> None:
        """`first` is the number by which chunk 0 is told of; `identities` are the assets'."""
        self._first = first
        self._sound: Future[Path] | None = None
        self._begun: Mapping[str, Future[Made]] = {}
        self._made: Mapping[str, Made] = {}
        self._voice: Path | None = None
        self._hash_frames = hash_frames and plan.form.kind == "video"
        self.plan = plan
        self.assets = assets
        self.should_stop = Event()
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._kept = kept
        self._identities = identities
        keys = Keys(plan, self._identities, scope=SCOPE, version=engine_fingerprint())
        # A chunk without a key is like no other one.
        self._keys = [keys.of(chunk) or f"#{chunk.index}" for chunk in plan.chunks]

    def begin(self, pool: ThreadPoolExecutor, workers: int, note: Note) -> None:
        """Begin with the sound and every distinct chunk, in so many processes.

        The first error is that of all that is not done by then.
        """
        if self.plan.has_sound:
            self._sound = pool.submit(self.sound)
        firsts: dict[str, Chunk] = {}
        for chunk, key in zip(self.plan.chunks, self._keys, strict=True):
            firsts.setdefault(key, chunk)
        coming: dict[str, Future[Made]] = {key: Future() for key in firsts}
        line = Line(len(firsts))
        for _ in range(min(workers, len(firsts))):
            pool.submit(self._work, line, tuple(firsts.items()), coming, note)
        self._begun = coming

    def stop(self) -> None:
        """Stop what is being made."""
        self.should_stop.set()

    def _work(
        self,
        line: Line,
        chunks: Sequence[tuple[str, Chunk]],
        coming: "Mapping[str, Future[Made]]",
        note: Note,
    ) -> None:
        """Make chunks in one child, neighbours one after the other, until none is left."""
        with ExitStack() as stack:
            maker, place = _Maker(self, stack), line.take()
            while place is not None and not self.should_stop.is_set():
                key, chunk = chunks[place]
                try:
                    coming[key].set_result(self._chunk(chunk, key, maker, note))
                except BaseException as error:
                    self.stop()
                    _fail(coming.values(), error)
                    return
                place = line.take(place)

    def wait(self) -> None:
        """Wait until all is made."""
        self._made = {key: part.result() for key, part in self._begun.items()}
        self._voice = self._sound.result() if self._sound is not None else None

    @property
    def done(self) -> tuple[Made, ...]:
        """Every distinct chunk."""
        return tuple(self._made.values())

    def finish(self) -> tuple[Path, Stitched]:
        """Join what was made into the finished file."""
        target = self._folder / f"output.{self.plan.form.format}"
        files = {number: self._made[key].path for number, key in enumerate(self._keys)}
        key = self._whole_key()
        if self._kept is not None and key and self._kept.find(key, target):
            return target, self._measured(target)
        told = finish_arguments(self.plan, files, self._voice, target)
        made: Stitched = sandbox.run("finish", told, limits=LIMITS)
        if key:
            self._keep(key, target)
        return target, made

    def package(self, name: str) -> tuple[Path, Rung]:
        """Join what was made into a file for HLS."""
        target = self._folder / f"{name}.hls.mp4"
        files = {number: self._made[key].path for number, key in enumerate(self._keys)}
        told = package_arguments(self.plan, files, self._voice, target)
        made: HlsFile = sandbox.run("package", told, limits=LIMITS)
        return target, rung_of(name, self.plan, made)

    def _whole_key(self) -> str:
        """Return the finished file's key: of all it is made of; empty where a part has none."""
        if any(key.startswith("#") for key in self._keys):
            return ""
        sound = self._sound_key() if self.plan.has_sound else ""
        repeats = [chunk.repeat for chunk in self.plan.chunks]
        grid = (self.plan.timeline.rate, len(self.plan.timeline.frames))
        whole = repr((self._keys, repeats, sound, self.plan.form, grid))
        return hashlib.blake2b(whole.encode(), digest_size=20).hexdigest()

    def _measured(self, whole: Path) -> Stitched:
        timeline = self.plan.timeline
        frames = 0 if self.plan.form.kind == "sound" else len(timeline.frames)
        seconds = float(timeline.rate.seconds_at(len(timeline.frames)))
        with whole.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Stitched(frames, seconds, whole.stat().st_size, sha256)

    def frame_hashes(self) -> list[str]:
        """Return the hashes of all frames in the order in which they are shown."""
        pairs = zip(self.plan.chunks, self._keys, strict=True)
        return [h for chunk, key in pairs for h in self._made[key].hashes * chunk.repeat]

    def sound(self) -> Path:
        """Make the sound's file, or take the one kept."""
        timeline, target = self.plan.timeline, self._folder / "sound"
        key, form = self._sound_key(), self.plan.form.sound
        if self._kept is None or not self._kept.find(key, target):
            sandbox.run("encode_sound", (timeline, self.assets, target, form), limits=LIMITS)
            self._keep(key, target)
        return target

    def _sound_key(self) -> str:
        told = {"version": engine_fingerprint(), "form": repr(self.plan.form.sound)}
        return sound_key(self.plan.timeline, self._identities, scope=SCOPE, **told)

    def _chunk(self, chunk: Chunk, key: str, maker: "_Maker", note: Note) -> Made:
        target = self._folder / str(chunk.index)
        if self._kept is not None and self._kept.find(key, target):
            note(self._first + chunk.index, len(chunk.frames))
            return Made(target, None, self._hashes(key, target))
        number = self._first + chunk.index
        stats = maker.make(chunk, target, lambda frames: note(number, frames))
        note(number, len(chunk.frames))
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


def _fail(coming: "Iterable[Future[Made]]", error: BaseException) -> None:
    for future in coming:
        with suppress(InvalidStateError):
            future.set_exception(error)


class _Maker:
    """Makes chunks, in a child that begins with the first of them."""

    def __init__(self, parts: Parts, stack: ExitStack) -> None:
        self._parts = parts
        self._stack = stack
        self._session: Session | None = None

    def make(self, chunk: Chunk, target: Path, note: Callable[[int], None]) -> RenderStats:
        stop = self._parts.should_stop
        plan, assets = self._parts.plan, self._parts.assets
        if plan.form.kind == "image":
            told = image_arguments(plan, assets, target)
            stats: RenderStats = sandbox.run("render_still", told, limits=LIMITS, should_stop=stop)
            return stats
        if self._session is None:
            told = (plan.timeline, assets, plan.encoder)
            self._session = Session("render_chunks", told, target.parent, limits=LIMITS)
            self._stack.callback(self._session.close)
        made: RenderStats = self._session.do((chunk, target), on_progress=note, should_stop=stop)
        return made


def identities_of(assets: Assets) -> dict[str, str]:
    """Return what every source holds, as a hash of its content."""
    hashes = {}
    for name, source in assets.items():
        with source.path.open("rb") as file:
            hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes
