"""What is drawn and not decoded: letters, shapes, pages. The base of every kind of it.

A graphic is a frozen value that says all that its picture depends on, but for the time. The time
enters as a *phase*: equal phases mean equal pictures, so a graphic that stands still has one phase,
and one that plays for a second has its last phase from then on.
"""

from dataclasses import dataclass
from typing import ClassVar

from vidgenie.core.geometry import Size

Phase = tuple[float | int | str, ...]
"""What of a graphic's picture the time decides; the empty one for those that never move."""


class Graphic:
    """Something drawn: the base of frozen, hashable dataclasses.

    Law: `box` is its own pixel space; between two neighbouring `boundaries` its phase either stays
    the same or changes all the way, so that equal phases at an interval's first, middle and last
    frame mean that it stands still there.
    """

    __slots__ = ()

    kind: ClassVar[str]
    box: Size

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Seconds from its clip's first frame at which it may begin or cease to move."""
        return ()

    @property
    def comes_back(self) -> bool:
        """Whether it may return to an earlier phase between two boundaries: then the law holds not.

        Who asks whether it stands still looks at each frame then.
        """
        return False

    def phase_at(self, seconds: float) -> Phase:
        """Return its phase so many seconds after its clip's first frame."""
        return ()


@dataclass(frozen=True, slots=True)
class Posed:
    """A graphic at one phase: what a layer of it paints."""

    graphic: Graphic
    phase: Phase = ()

    @property
    def kind(self) -> str:
        """The graphic's kind."""
        return self.graphic.kind
