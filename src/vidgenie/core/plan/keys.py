"""What a chunk's content is, in one short text: equal keys mean equal chunk files.

    chunk → for each of its frames, what `layer_at` says, counted from the chunk's own first frame
          → with every source named by its content, not by its address
          → a digest

A key does not know where on the timeline its chunk stands: a bumper shown twice, a loop, the part
of a template that no merge field touches have one key each, and are encoded once. It knows the
account (`scope`): nobody learns from a cache what somebody else rendered.
"""

import hashlib
from collections.abc import Mapping
from struct import pack

from vidgenie.core.plan.model import Chunk, Copy, Plan, Span
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.model import FrameOf, Layer, ResolvedTimeline, Voice
from vidgenie.core.timeline.picture import layer_at

KEY_BYTES = 20
"""160 bits: as good as never equal by chance."""

Identities = Mapping[str, str]
"""What each source holds (a hash of its content), by the name the edit gives it."""


class Keys:
    """Makes the keys of one plan's chunks."""

    def __init__(self, plan: Plan, identities: Identities, *, scope: str, version: str) -> None:
        """Take what all keys share: `scope` is the account, `version` what renders."""
        self._plan = plan
        self._identities = identities
        self._tokens: dict[int, tuple[Posed, bytes]] = {}
        timeline = plan.timeline
        shared = (scope, version, timeline.size, timeline.rate, timeline.background, plan.encoder)
        # A picture is its own file; chunks of frames are the same whatever they are put into.
        form = plan.form if plan.form.kind == "image" else None
        self._shared = repr((shared, form)).encode()

    def of(self, chunk: Chunk) -> str | None:
        """Return a chunk's key; None for a copied one, which costs less than to keep it."""
        if any(isinstance(span.recipe, Copy) for span in chunk.spans):
            return None
        digest = hashlib.blake2b(self._shared, digest_size=KEY_BYTES)
        for span in chunk.spans:
            digest.update(repr((len(span.frames), span.recipe)).encode())
            for index in span.clips:
                digest.update(self._clip(span, index))
        return digest.hexdigest()

    def _clip(self, span: Span, index: int) -> bytes:
        """Return what a clip shows on each frame of a span; a frame like the last one is short."""
        timeline = self._plan.timeline
        clip = timeline.clips[index]
        tokens: list[bytes] = []
        last: Layer | None = None
        for frame in range(span.frames.start, span.frames.stop):
            layer = layer_at(timeline, clip, frame)
            if layer is None:
                tokens.append(b"-")
            elif layer == last:
                tokens.append(b"=")
            else:
                token = self._layer(layer)
                tokens.append(b"+" + pack("<I", len(token)) + token)
            last = layer
        return b"".join(tokens) + b";"

    def _layer(self, layer: Layer) -> bytes:
        m, part = layer.matrix, layer.source
        place = pack("<7d", m.a, m.b, m.c, m.d, m.e, m.f, layer.opacity)
        shape = pack("<4d?", part.left, part.top, part.width, part.height, layer.is_opaque)
        masks = b"".join(mask.kind.encode() + self._layer(mask.layer) for mask in layer.looks.masks)
        looks = repr(
            (layer.looks.chroma_key, layer.looks.filter, layer.looks.wipes, layer.looks.blend)
        )
        return place + shape + self._drawable(layer) + masks + looks.encode()

    def _drawable(self, layer: Layer) -> bytes:
        drawable = layer.drawable
        if isinstance(drawable, FrameOf):
            return f"frame {self._identities[drawable.asset]} {drawable.index} ".encode()
        if isinstance(drawable, Posed):
            return self._graphic(drawable) + repr(drawable.phase).encode()
        return f"image {self._identities[drawable.asset]} ".encode()

    def _graphic(self, posed: Posed) -> bytes:
        """Return a graphic's token, made once: its text may be long and stand on many frames."""
        graphic = posed.graphic
        known = self._tokens.get(id(graphic))
        if known is not None:
            return known[1]
        text = repr(graphic)
        named = sorted(held for name, held in self._identities.items() if repr(name) in text)
        token = hashlib.blake2b(f"{text} {named}".encode(), digest_size=KEY_BYTES).digest()
        self._tokens[id(graphic)] = (posed, token)  # held, so that its id stays its own
        return token


def sound_key(
    timeline: ResolvedTimeline, identities: Identities, *, scope: str, version: str, form: str
) -> str:
    """Return the key of a timeline's whole sound, encoded as `form`."""
    voices = [_voice(voice, identities) for voice in timeline.voices]
    shared = (scope, version, form, timeline.samples, voices, timeline.loudness_lufs)
    return hashlib.blake2b(repr(shared).encode(), digest_size=KEY_BYTES).hexdigest()


def _voice(voice: Voice, identities: Identities) -> str:
    return f"{voice!r} {identities[voice.asset]}"
