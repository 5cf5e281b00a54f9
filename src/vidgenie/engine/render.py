"""From a chunk of a plan to a chunk file: every span once, in order, by its recipe."""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import cv2

from vidgenie.core.geometry import Rect
from vidgenie.core.plan.model import Box, Chunk, Copy, EncoderSettings, Hold, Mix, Paint, Span
from vidgenie.core.plan.uses import uses_of
from vidgenie.core.timeline.model import Layer, Picture, ResolvedTimeline
from vidgenie.core.timeline.picture import layer_at, picture_at
from vidgenie.engine.copy import copy_packets
from vidgenie.engine.encode import Sink, open_sink
from vidgenie.engine.paint.box import BoxPainter
from vidgenie.engine.paint.raster import paint_picture, raster_of
from vidgenie.engine.paint.tile import TileMaker
from vidgenie.engine.pool import FramePool, Plane, Planes
from vidgenie.engine.values import Assets, RenderStats
from vidgenie.errors import ComposeError, DecodeError


def render_chunk(
    timeline: ResolvedTimeline,
    chunk: Chunk,
    assets: Assets,
    encoder: EncoderSettings,
    target: Path,
    *,
    on_frame: Callable[[int], None] | None = None,
    force: Literal["paint"] | None = None,
) -> RenderStats:
    """Render one chunk to `target`; `on_frame` is told the frames done so far.

    `force` makes every span with the general recipe: the yardstick of benchmarks and tests.
    Raises: DecodeError, EncodeError, MuxError, OutOfSpace.
    """
    wall, cpu = time.monotonic(), _cpu_s()
    spans, not_copied = chunk.spans, ""
    copy = spans[0].recipe
    if isinstance(copy, Copy):
        try:
            count = 0 if force else copy_packets(assets[copy.asset], copy, timeline.rate, target)
        except DecodeError as error:
            count, not_copied = 0, error.message
        if count:
            if on_frame is not None:
                on_frame(count)
            return _copied(count, time.monotonic() - wall, _cpu_s() - cpu)
        # The plan trusted the file's tables. Encoded, the frames fit just as well: the encoder's
        # parameter sets have a number of their own.
        spans = (replace(spans[0], recipe=Box()),)
    with FramePool(assets, uses_of(timeline, spans)) as pool:
        painter = _SpanPainter(timeline, pool, force, encoder)
        with open_sink(target, timeline.size, timeline.rate, encoder) as sink:
            for number, span in enumerate(spans):
                pool.enter(number)
                painter.paint(span, sink, on_frame)
        return RenderStats(
            frames_decoded=pool.frames_decoded,
            frames_painted=painter.painted,
            frames_encoded=sink.frames,
            frames_copied=0,
            frames_by_recipe=dict(painter.by_recipe),
            encoder_starts=1,
            cpu_s=round(_cpu_s() - cpu, 4),
            wall_s=round(time.monotonic() - wall, 4),
            not_copied=not_copied,
        )


def _copied(count: int, wall_s: float, cpu_s: float) -> RenderStats:
    return RenderStats(
        frames_decoded=0,
        frames_painted=0,
        frames_encoded=0,
        frames_copied=count,
        frames_by_recipe={"copy": count},
        encoder_starts=0,
        cpu_s=round(cpu_s, 4),
        wall_s=round(wall_s, 4),
    )


def render_frame(timeline: ResolvedTimeline, frame: int, assets: Assets) -> bytes:
    """Paint one frame of the timeline as a PNG."""
    with FramePool(assets) as pool:
        pixels = raster_of(picture_at(timeline, frame), pool)
    done, data = cv2.imencode(".png", pixels[..., :3])
    if not done:
        raise ComposeError(f"Frame {frame} could not be written as a PNG.")
    return bytes(data)


class _SpanPainter:
    """Paints spans into a sink, and counts."""

    def __init__(
        self,
        timeline: ResolvedTimeline,
        pool: FramePool,
        force: Literal["paint"] | None,
        encoder: EncoderSettings,
    ) -> None:
        self._wants_rasters = encoder.wants_rasters
        self._keep_alpha = encoder.has_alpha
        self._timeline = timeline
        self._pool = pool
        self._force = force
        self._tiles = TileMaker(pool, timeline.size)
        self.painted = 0
        self.by_recipe: Counter[str] = Counter()

    def paint(self, span: Span, sink: Sink, on_frame: Callable[[int], None] | None) -> None:
        recipe = Paint() if self._force == "paint" else span.recipe
        self.by_recipe[recipe.kind] += len(span.frames)
        if isinstance(recipe, Hold):
            self._hold(span, sink, on_frame)
            return
        static = recipe.static if isinstance(recipe, Box | Mix) else 0
        box = self._box() if isinstance(recipe, Box | Mix) else None
        last: tuple[tuple[Layer, ...], Planes | Plane] | None = None
        for frame in range(span.frames.start, span.frames.stop):
            layers = self._layers(span, frame)
            if last is None or last[0] != layers or self._force:
                last = (layers, self._planes(layers, static, box))
            sink.encode(last[1])
            if on_frame is not None:
                on_frame(sink.frames)

    def _hold(self, span: Span, sink: Sink, on_frame: Callable[[int], None] | None) -> None:
        layers = self._layers(span, span.frames.start)
        blends = any(layer.looks.blend != "normal" for layer in layers)
        planes = self._planes(layers, 0, None if blends else self._box())
        for _ in range(len(span.frames)):
            sink.encode(planes)
            if on_frame is not None:
                on_frame(sink.frames)

    def _box(self) -> BoxPainter:
        timeline = self._timeline
        return BoxPainter(self._pool, self._tiles, timeline.size, timeline.background)

    def _layers(self, span: Span, frame: int) -> tuple[Layer, ...]:
        """Return what a frame of the span shows, without layers off the frame."""
        timeline = self._timeline
        edge = Rect.of(timeline.size)
        found = (layer_at(timeline, timeline.clips[index], frame) for index in span.clips)
        return tuple(layer for layer in found if layer and layer.bounds.overlaps(edge))

    def _planes(
        self, layers: tuple[Layer, ...], static: int, box: BoxPainter | None
    ) -> Planes | Plane:
        """Return the picture of some layers, as the encoder wants it."""
        self.painted += 1
        if self._wants_rasters:
            picture = Picture(self._timeline.size, self._timeline.background, layers)
            return raster_of(picture, self._pool, keep_alpha=self._keep_alpha)
        if box is not None:
            return box.paint(layers, static)
        timeline = self._timeline
        return paint_picture(Picture(timeline.size, timeline.background, layers), self._pool)


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system
