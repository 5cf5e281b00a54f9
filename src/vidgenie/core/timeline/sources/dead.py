"""Sources that cannot be had, and the clips that say what is to become of them (`onError`).

    fail         the render fails: what a clip says by saying nothing
    skip         the clip is left out; its time stays free, so that nothing else moves
    placeholder  a card that says so stands in its place, and moves as the clip would

A composition answers for those of its clips that say nothing themselves. An address that may not
be asked is no dead source but a wrong edit: it fails the render in any case, so that no picture
tells what stands behind a closed door.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from vidgenie.core.edit.model import (
    AudioAsset,
    Clip,
    CompositionAsset,
    Edit,
    HtmlAsset,
    LumaAsset,
    ShapeAsset,
    Timeline,
)
from vidgenie.core.edit.output import frame_size
from vidgenie.core.geometry import Size
from vidgenie.errors import AssetError, AssetForbidden, Problem

REASONS = {
    "source_unreachable": "Its server does not hand it out",
    "source_too_large": "It is larger than allowed",
    "source_unsupported": "It cannot be read",
}
"""What a card says, by the error's code: never the address, nor what a server answered."""

OTHER_REASON = "It cannot be used"

LETTER_SHARE = 1 / 13
"""A card's letters, as a share of the shorter side of its box."""


@dataclass(frozen=True, slots=True)
class Living:
    """An edit without dead sources, what was done about it, and the sources that nobody gave up."""

    edit: Edit
    warnings: tuple[Problem, ...]
    fatal: tuple[str, ...]


def without_dead(edit: Edit, dead: Mapping[str, Problem]) -> Living:
    """Return an edit without the sources in `dead`, which maps each to what is wrong with it.

    Law: pure; with nothing dead the edit is the same. Where `fatal` is not empty, the edit is not
    to be rendered.
    """
    if not dead:
        return Living(edit, (), ())
    work = _Removal(dead)
    timeline = work.timeline(edit.timeline, "/timeline", Size(*frame_size(edit.output)))
    changed = edit.model_copy(update={"timeline": timeline})
    return Living(changed, tuple(work.warnings), tuple(dict.fromkeys(work.fatal)))


def deaths(failed: Mapping[str, AssetError]) -> dict[str, Problem]:
    """Return what is wrong with each source that failed."""
    return {src: Problem("", error.code, error.message) for src, error in failed.items()}


class _Removal:
    """Takes dead sources out, and notes it."""

    def __init__(self, dead: Mapping[str, Problem]) -> None:
        self.dead = dead
        self.warnings: list[Problem] = []
        self.fatal: list[str] = []

    def timeline(self, timeline: Timeline, place: str, frame: Size) -> Timeline:
        self.fatal += self._of_timeline(timeline)
        tracks = []
        for t, track in enumerate(timeline.tracks):
            clips = tuple(
                self._clip(clip, f"{place}/tracks/{t}/clips/{c}", frame) if clip.is_shown else clip
                for c, clip in enumerate(track.clips)
            )
            tracks.append(track.model_copy(update={"clips": clips}))
        return timeline.model_copy(update={"tracks": tuple(tracks)})

    def _of_timeline(self, timeline: Timeline) -> Iterator[str]:
        """Yield the dead sources that stand on no clip: music and fonts."""
        named = [font.src for font in timeline.fonts]
        named += [timeline.soundtrack.src] if timeline.soundtrack is not None else []
        yield from (src for src in named if src in self.dead)

    def _clip(self, clip: Clip, path: str, frame: Size) -> Clip:
        before = len(self.fatal)
        asset = clip.asset
        src = getattr(asset, "src", None)
        if isinstance(asset, CompositionAsset):
            inner = Size(round(asset.width or frame.width), round(asset.height or frame.height))
            timeline = self.timeline(asset.timeline, f"{path}/asset/timeline", inner)
            clip = clip.model_copy(
                update={"asset": asset.model_copy(update={"timeline": timeline})}
            )
        elif isinstance(src, str) and src in self.dead:
            self.fatal.append(src)
        lost = self.fatal[before:]
        if not lost or clip.on_error == "fail" or any(map(self._is_forbidden, lost)):
            return clip
        del self.fatal[before:]
        return self._instead(clip, lost[0], path, frame)

    def _is_forbidden(self, src: str) -> bool:
        return self.dead[src].code == AssetForbidden.code

    def _instead(self, clip: Clip, src: str, path: str, frame: Size) -> Clip:
        """Return what stands in a clip's place."""
        problem = self.dead[src]
        is_seen = not isinstance(clip.asset, AudioAsset | LumaAsset)
        is_card = clip.on_error == "placeholder" and is_seen
        done = "a placeholder is shown instead" if is_card else "the clip is left out"
        cause = problem.message.removeprefix(f"{src}: ").rstrip(".")
        told = f"{src}: {cause}; {done}"
        at = f"{path}/asset" if isinstance(clip.asset, CompositionAsset) else f"{path}/asset/src"
        self.warnings.append(Problem(at, problem.code, told))
        if not is_card:
            return _unseen(clip)
        return clip.model_copy(update={"asset": _card(clip, problem.code, frame), "filter": None})


def _unseen(clip: Clip) -> Clip:
    """Return a clip that shows nothing and is silent; where its source was its length, it has none.

    It is still there, for clips that take their times from it.
    """
    nothing = ShapeAsset.model_validate(
        {"type": "shape", "shape": "circle", "circle": {"radius": 1}}
    )
    length = 0.0 if clip.length == "auto" else clip.length
    return clip.model_copy(
        update={"asset": nothing, "opacity": 0.0, "length": length, "caption": None}
    )


def _card(clip: Clip, code: str, frame: Size) -> HtmlAsset:
    """Return the card: what is missing, and why, small enough for its box."""
    width, height = round(clip.width or frame.width), round(clip.height or frame.height)
    letter = max(6.0, min(height, width) * LETTER_SHARE)
    kind = clip.asset.type.replace("-", " ").capitalize()
    reason = REASONS.get(code, OTHER_REASON)
    return HtmlAsset.model_validate(
        {
            "type": "html",
            "width": width,
            "height": height,
            "background": "#1b2130",
            "html": f"<p>{escape(kind)} not available</p><p class='why'>{escape(reason)}</p>",
            "css": f"p {{ color: #eef1f7; font-family: 'Open Sans'; font-weight: 600;"
            f" font-size: {letter:.1f}px; text-align: center; margin: 0 }}"
            f" .why {{ color: #98a2b8; font-weight: 400; font-size: {letter * 0.62:.1f}px;"
            f" margin-top: {letter * 0.4:.1f}px }}",
        }
    )
