"""What an asset is told when it becomes a graphic."""

from collections.abc import Mapping
from dataclasses import dataclass

from vidgenie.core.edit.model import Clip
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.fonts import name_of_address


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a graphic will stand: the frame, the fonts the edit brings, and the sources' facts.

    `fonts` are the names (`src`) of the edit's own fonts, in its order.
    """

    frame: Size
    facts: Mapping[str, MediaFacts]
    fonts: tuple[str, ...] = ()

    def box(self, clip: Clip, width: float | None = None, height: float | None = None) -> Size:
        """Return the box of a clip's graphic: its asset's own, else the clip's, else the frame."""
        return Size(
            max(1, round(width or clip.width or self.frame.width)),
            max(1, round(height or clip.height or self.frame.height)),
        )

    def font(self, family: str, weight: int, *, is_italic: bool = False) -> str | None:
        """Return the name of the edit's own font that a family means; None for one of ours."""
        best: tuple[tuple[bool, int], str] | None = None
        for src in self.fonts:
            known = self.facts[src].font if src in self.facts else None
            if known is None or not known.is_named(family, name_of_address(src)):
                continue
            fit = (known.is_italic != is_italic, abs(known.weight - weight))
            if best is None or fit < best[0]:
                best = (fit, src)
        return None if best is None else best[1]
