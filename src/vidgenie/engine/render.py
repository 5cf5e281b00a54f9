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
    with FramePool(assets) as pool:
        renderer = ChunkRenderer(timeline, pool, encoder)
        return renderer.render(chunk, target, on_frame=on_frame, force=force)


def chunk_renderer(
    timeline: ResolvedTimeline, assets: Assets, encoder: EncoderSettings
) -> Callable[..., RenderStats]:
    """Return a function that renders chunks one after the other, as `ChunkRenderer.render` does."""
    return ChunkRenderer(timeline, FramePool(assets), encoder).render


class ChunkRenderer:
    """Renders chunks of one timeline; what one leaves open, the next goes on with."""

    def __init__(
        self, timeline: ResolvedTimeline, pool: FramePool, encoder: EncoderSettings
    ) -> None:
        self._timeline = timeline
        self._pool = pool
        self._encoder = encoder
        self._tiles = TileMaker(pool, timeline.size)

    def render(
        self,
        chunk: Chunk,
        target: Path,
        *,
        on_frame: Callable[[int], None] | None = None,
        force: Literal["paint"] | None = None,
    ) -> RenderStats:
        """Render one chunk: as `render_chunk`."""
        wall, cpu = time.monotonic(), _cpu_s()
        timeline, encoder, pool = self._timeline, self._encoder, self._pool
        spans, not_copied = chunk.spans, ""
        if isinstance(spans[0].recipe, Copy):
            count, not_copied = (0, "") if force else self._copy(spans[0].recipe, target)
            if count:
                if on_frame is not None:
                    on_frame(count)
                return _copied(count, time.monotonic() - wall, _cpu_s() - cpu)
            # The plan trusted the file's tables. Encoded, the frames fit just as well: the
            # encoder's parameter sets have a number of their own.
            spans = (replace(spans[0], recipe=Box()),)
        pool.begin(uses_of(timeline, spans))
        decoded = pool.frames_decoded
        painter = _SpanPainter(timeline, pool, self._tiles, force, encoder=encoder)
        with open_sink(target, timeline.size, timeline.rate, encoder) as sink:
            for number, span in enumerate(spans):
                pool.enter(number)
                painter.paint(span, sink, on_frame)
        return RenderStats(
            frames_decoded=pool.frames_decoded - decoded,
            frames_painted=painter.painted,
            frames_encoded=sink.frames,
            frames_copied=0,
            frames_by_recipe=dict(painter.by_recipe),
            encoder_starts=1,
            cpu_s=round(_cpu_s() - cpu, 4),
            wall_s=round(time.monotonic() - wall, 4),
            not_copied=not_copied,
        )

    def _copy(self, copy: Copy, target: Path) -> tuple[int, str]:
        """Copy a chunk's packets; return how many, or none and why."""
        source = self._pool.source(copy.asset)
        try:
            return copy_packets(source, copy, self._timeline.rate, target), ""
        except DecodeError as error:
            return 0, error.message


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
        tiles: TileMaker,
        force: Literal["paint"] | None,
        *,
        encoder: EncoderSettings,
    ) -> None:
        self._wants_rasters = encoder.wants_rasters
        self._keep_alpha = encoder.has_alpha
        self._timeline = timeline
        self._pool = pool
        self._force = force
        self._tiles = tiles
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
