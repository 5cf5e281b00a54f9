"""How a source's pictures lie in its file: what must match for its packets to be copied."""

from dataclasses import dataclass

UNSAID = 2
"""H.273's word for a colour that a stream does not tell."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The coded form of a video stream; frames are counted as they are shown, from 0.

    `width` and `height` are those stored, before any rotation. `color` is the primaries, the
    transfer and the matrix in the numbers of ITU-T H.273. The rest is known for H.264 only:
    `edges` are the frames at which a closed GOP begins, ascending, and the first frame after the
    last of them: between the first and the last edge every frame lies in a whole GOP.
    """

    codec: str
    width: int
    height: int
    pixel_format: str
    color: tuple[int, int, int] = (UNSAID, UNSAID, UNSAID)
    is_full_range: bool = False
    has_square_pixels: bool = True
    rotation: int = 0
    is_progressive: bool = True
    profile: int = 0
    nal_length_size: int = 0
    """0 where the stream has start codes and no record of its parameter sets (MPEG-TS)."""
    parameters: str = ""
    """A hash of its parameter sets: sources with equal ones can stand in one file."""
    parameter_ids: tuple[int, ...] = ()
    parameter_changes: int = 0
    """Packets that carry other parameter sets than the file began with."""
    keyframes: int = 0
    open_keyframes: int = 0
    """Keyframes that are no IDR picture: frames around them may need those before."""
    hidden_frames: int = 0
    """Frames that are decoded and not shown: an edit list begins or ends within a GOP."""
    reorder_depth: int = 0
    """How many frames must be decoded ahead of the one that is shown."""
    told_depth: int | None = None
    """The same as the stream says it, if it does; players rely on it."""
    edges: tuple[int, ...] = ()
