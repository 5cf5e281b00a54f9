"""The benchmarks' timelines, each as our edit and as the ffmpeg command a patient hand would write.

`CASES` names them all; `model` holds what they share. The same films for MoviePy are in
`bench/films.py`, which knows nothing of this package: it runs in an environment of its own.
"""

from collections.abc import Callable

from timelines import concat, cut, headline, short, slideshow, still, talk, template
from timelines.model import Case, Desk

CASES: dict[str, Callable[[Desk], Case]] = {
    "headline": headline.case,
    "talk": talk.case,
    "slideshow": slideshow.case,
    "short": short.case,
    "concat": concat.case,
    "template": template.case,
    "still": still.case,
    "cut-gop": cut.at_keyframe,
    "cut-mid": cut.within_gop,
}
