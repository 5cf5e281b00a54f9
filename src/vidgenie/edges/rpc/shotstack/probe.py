"""The edit API's probe: what a file is, in the members of ffprobe's JSON.

Source: ffprobe-all(1), `-show_format -show_streams -of json`: sizes and times are texts there.
"""

import asyncio
from typing import Any

from vidgenie.core.timeline.facts import AudioFacts, MediaFacts, VideoFacts
from vidgenie.edges.rpc.calls import Call
from vidgenie.engine import sandbox
from vidgenie.errors import AssetError, Problem
from vidgenie.services.assets.model import LocalAsset

TRANSFERS = {"sdr": "bt709", "pq": "smpte2084", "hlg": "arib-std-b67"}


async def probe(call: Call) -> dict[str, Any]:
    """Fetch a file as renders do, within the same limits, and tell what it is."""
    context = call.context
    url = str(call.request.path_params["url"])
    if call.request.url.query:  # of the file's address, sent without being encoded
        url += f"?{call.request.url.query}"
    try:
        async with context.probes:
            local = await context.fetcher.fetch(context.db, call.account_id, url)
            facts: MediaFacts = await asyncio.to_thread(
                sandbox.run, "probe", (local.path,), limits=context.probe_limits
            )
    except AssetError as error:
        shown = url[:200]
        message = error.message if shown in error.message else f"{shown}: {error.message}"
        raise type(error)(message, problems=[Problem("/url", error.code, error.message)]) from None
    metadata = ffprobe_view(facts, local, url)
    return {"success": True, "message": "OK", "response": {"metadata": metadata}}


def ffprobe_view(facts: MediaFacts, local: LocalAsset, url: str) -> dict[str, Any]:
    """Return facts in ffprobe's members; a picture's size is the one that is shown."""
    streams = []
    if facts.video is not None:
        streams.append(_video(facts.video, facts))
    if facts.audio is not None:
        streams.append(_audio(facts.audio, facts))
    if facts.captions is not None:
        streams.append({"codec_name": facts.container, "codec_type": "subtitle"})
    held: dict[str, Any] = {
        "filename": url,
        "nb_streams": len(streams),
        "format_name": facts.container,
        "size": str(local.size),
    }
    if facts.duration_s and not facts.is_image:
        held["duration"] = _seconds(facts)
    numbered = [{"index": index, **stream} for index, stream in enumerate(streams)]
    return {"streams": numbered, "chapters": [], "format": held}


def _video(video: VideoFacts, facts: MediaFacts) -> dict[str, Any]:
    rate = video.frames.rate.fraction
    view = {
        "codec_name": video.codec,
        "codec_type": "video",
        "width": video.width,
        "height": video.height,
        "pix_fmt": video.pixel_format,
        "color_range": video.color_range,
        "color_space": video.color_space,
        "color_transfer": TRANSFERS[video.transfer],
        "color_primaries": video.primaries,
        "nb_frames": str(video.frames.count),
    }
    if facts.is_image:
        return view
    shown = f"{rate.numerator}/{rate.denominator}"
    return {**view, "r_frame_rate": shown, "avg_frame_rate": shown, "duration": _seconds(facts)}


def _audio(audio: AudioFacts, facts: MediaFacts) -> dict[str, Any]:
    return {
        "codec_name": audio.codec,
        "codec_type": "audio",
        "sample_rate": str(audio.sample_rate_hz),
        "channels": audio.channels,
        "duration": _seconds(facts),
    }


def _seconds(facts: MediaFacts) -> str:
    return f"{facts.duration_s:.6f}"
