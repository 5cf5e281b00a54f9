"""From what an edit says of a clip's movement to curves: tweens, transitions, effects, presets.

Each source of movement adds its own curves to a `Motion`; they combine there.
"""

from vidgenie.core.edit.model import Clip
from vidgenie.core.timeline.curves import curve_of, transition_opacities
from vidgenie.core.timeline.model import Motion


def motion_of(clip: Clip, length: float) -> Motion:
    """Return how a clip of so many seconds moves."""
    offset = clip.offset
    return Motion(
        scales=(curve_of(clip.scale, 1.0),),
        offsets_x=(curve_of(offset.x, 0.0),) if offset else (),
        offsets_y=(curve_of(offset.y, 0.0),) if offset else (),
        opacities=(curve_of(clip.opacity, 1.0), *transition_opacities(clip.transition, length)),
    )
