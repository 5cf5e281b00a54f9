"""ThorVG's animations: the one place that calls the library.

Its Python package brings the library and finds it; its classes are not used: some of them call the
wrong function of it (1.1.3: `Text.font_load_data`), and all of them copy each frame.
Source: thorvg 1.0, `src/bindings/capi/thorvg_capi.h`.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

from thorvg_python.engine import THORVG_LIB

from vidgenie.core.geometry import Affine
from vidgenie.engine.pool import Plane
from vidgenie.errors import ComposeError

ARGB_PREMULTIPLIED = 1
"""A word of alpha, red, green, blue: bytes in the order BGRA, as all our rasters."""

QUALITY = 100
"""Of blurs and shadows, 0 to 100."""

_SUCCESS, _SAME_FRAME = 0, 2


class _Matrix(ctypes.Structure):
    _fields_ = tuple(
        (f"e{row}{column}", ctypes.c_float) for row in (1, 2, 3) for column in (1, 2, 3)
    )


_handle, _text, _flag = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_bool
_float, _uint, _byte, _code = ctypes.c_float, ctypes.c_uint32, ctypes.c_uint8, ctypes.c_int

_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "tvg_engine_init": (_code, _uint),
    "tvg_lottie_animation_new": (_handle,),
    "tvg_lottie_animation_set_quality": (_code, _handle, _byte),
    "tvg_animation_get_picture": (_handle, _handle),
    "tvg_animation_set_frame": (_code, _handle, _float),
    "tvg_animation_del": (_code, _handle),
    "tvg_picture_load_data": (_code, _handle, _text, _uint, _text, _text, _flag),
    "tvg_paint_set_transform": (_code, _handle, ctypes.POINTER(_Matrix)),
    "tvg_swcanvas_create": (_handle, _code),
    "tvg_swcanvas_set_target": (_code, _handle, _handle, _uint, _uint, _uint, _code),
    "tvg_canvas_add": (_code, _handle, _handle),
    "tvg_canvas_update": (_code, _handle),
    "tvg_canvas_draw": (_code, _handle, _flag),
    "tvg_canvas_sync": (_code, _handle),
    "tvg_canvas_destroy": (_code, _handle),
}
"""What a function returns, then what it takes."""


class Player:
    """One document, painted at any frame and any place."""

    def __init__(self, document: bytes) -> None:
        """Load a document, which must have been made plain. Raises: ComposeError."""
        # Held here: when the interpreter ends, this module may go before its last player.
        self._destroy = _function("tvg_canvas_destroy")
        self._delete = _function("tvg_animation_del")
        self._animation = _function("tvg_lottie_animation_new")()
        self._canvas = _function("tvg_swcanvas_create")(0)
        self._picture = _function("tvg_animation_get_picture")(self._animation)
        self._is_added = False
        load = _function("tvg_picture_load_data")
        if load(self._picture, document, len(document), b"lottie", None, True) != _SUCCESS:
            raise ComposeError("The Lottie animation cannot be read.")
        _function("tvg_lottie_animation_set_quality")(self._animation, QUALITY)

    def __del__(self) -> None:
        """Free the library's side; the canvas first, it holds the picture."""
        self._destroy(self._canvas)
        self._delete(self._animation)

    def paint(self, frame: float, matrix: Affine, pixels: Plane) -> None:
        """Paint a frame; `matrix` leads from the document's pixels to those of the raster.

        Shapes: (h, w, 4) premultiplied BGRA, contiguous. Raises: ComposeError.
        """
        height, width = pixels.shape[:2]
        assert pixels.flags.c_contiguous, pixels.strides
        told = _function("tvg_animation_set_frame")(self._animation, frame)
        if told not in (_SUCCESS, _SAME_FRAME):
            raise ComposeError(f"Frame {frame:g} of the Lottie animation cannot be painted.")
        m = matrix
        placed = _Matrix(m.a, m.c, m.e, m.b, m.d, m.f, 0, 0, 1)
        _do("tvg_paint_set_transform", self._picture, ctypes.byref(placed))
        start, order = pixels.ctypes.data, ARGB_PREMULTIPLIED
        _do("tvg_swcanvas_set_target", self._canvas, start, width, width, height, order)
        if self._is_added:
            _do("tvg_canvas_update", self._canvas)
        else:
            _do("tvg_canvas_add", self._canvas, self._picture)
            self._is_added = True
        _do("tvg_canvas_draw", self._canvas, True)  # clears it first
        _do("tvg_canvas_sync", self._canvas)


@cache
def _library() -> ctypes.CDLL:
    library: ctypes.CDLL | None = THORVG_LIB
    if library is None:
        raise ComposeError("Lottie animations cannot be painted: ThorVG is not installed.")
    return library


@cache
def _function(name: str) -> Callable[..., Any]:
    """Return one of the library's functions; with the first one the library is begun."""
    # Prototypes of our own: those that the package's classes set change with each call.
    function: Callable[..., Any] = ctypes.CFUNCTYPE(*_PROTOTYPES[name])((name, _library()))
    if name != "tvg_engine_init":
        _begin()
    return function


@cache
def _begin() -> None:
    """Begin, without threads of its own: a worker is one thread."""
    _function("tvg_engine_init")(0)


def _do(name: str, *arguments: object) -> None:
    if _function(name)(*arguments) != _SUCCESS:
        raise ComposeError(f"The Lottie animation cannot be painted ({name}).")
