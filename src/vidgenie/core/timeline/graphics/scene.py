"""What an asset is told when it becomes a graphic."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vidgenie.core.edit.model import CaptionAsset, Clip, RichCaptionAsset
from vidgenie.core.edit.names import named
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.facts import Cue, MediaFacts, SpokenWord
from vidgenie.core.timeline.fonts import name_of_address


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a graphic will stand: the frame, the fonts the edit brings, and the sources' facts.

    `fonts` are the names (`src`) of the edit's own fonts, in its order; `aliases` the clips that
    others may call by a name.
    """

    frame: Size
    facts: Mapping[str, MediaFacts]
    fonts: tuple[str, ...] = ()
    aliases: Mapping[str, Clip] = field(default_factory=dict)

    def box(self, clip: Clip, width: float | None = None, height: float | None = None) -> Size:
        """Return the box of a clip's graphic: its asset's own, else the clip's, else the frame."""
        return Size(
            max(1, round(width or clip.width or self.frame.width)),
            max(1, round(height or clip.height or self.frame.height)),
        )

    def cues(self, asset: CaptionAsset | RichCaptionAsset) -> tuple[Cue, ...]:
        """Return what captions say: their own words as one cue, their file's, or another clip's.

        A rule has seen to it that names lead to captions, and do not go round.
        """
        while not asset.words and (alias := named(asset.src)) is not None:
            other = self.aliases[alias].asset
            assert isinstance(other, CaptionAsset | RichCaptionAsset), alias
            asset = other
        if not asset.words:
            known = self.facts[asset.src].captions
            assert known is not None, asset.src
            return known.cues
        words = sorted(
            (SpokenWord(word.text, word.start, word.end) for word in asset.words),
            key=lambda word: word.start_s,
        )
        end = max(word.end_s for word in words)
        return (Cue(words[0].start_s, end, " ".join(w.text for w in words), tuple(words)),)

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
