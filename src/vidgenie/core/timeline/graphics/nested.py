"""A composition's asset as the edit that it is, and the places of what is wrong in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from vidgenie.core.edit.model import CompositionAsset, Edit, Font, Output
from vidgenie.errors import EditInvalid, Problem


@contextmanager
def inside(track: int, clip: int) -> Iterator[None]:
    """Tell what is wrong in a composition's timeline by its place in the outer one."""
    try:
        yield
    except EditInvalid as error:
        outer = f"/timeline/tracks/{track}/clips/{clip}/asset"
        problems = [Problem(outer + one.path, one.code, one.message) for one in error.problems]
        raise EditInvalid(problems=problems) from error


def edit_of(asset: CompositionAsset, fonts: Iterable[str] = ()) -> Edit:
    """Return a composition's timeline as an edit, with the outer one's fonts behind its own."""
    own = asset.timeline.fonts
    timeline = asset.timeline.model_copy(
        update={"fonts": (*own, *(Font(src=src) for src in fonts)), "units": "fraction"}
    )
    output = Output.model_validate({"format": "mp4", "resolution": "hd"})
    return Edit.model_construct(timeline=timeline, output=output)
