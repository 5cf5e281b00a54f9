"""What lies beside a render's output in the storage: the HLS ladder, and files of subtitles."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vidgenie.core.plan.hls import FIRST_RUNG, MASTER, is_rung, master_playlist, media_playlist
from vidgenie.core.plan.subtitles import Subtitles, written
from vidgenie.engine import sandbox
from vidgenie.engine.tasks import package_arguments, rung_of
from vidgenie.engine.values import HlsFile
from vidgenie.services.renders.prepare import Prepared
from vidgenie.services.renders.tools import RenderTools


async def keep_ladder(
    tools: RenderTools, prepared: Prepared, files: Mapping[str, Path], key: str, folder: Path
) -> dict[str, str]:
    """Make and keep the ladder, if there is to be one; return its key as the row has it.

    `files` are the parts' by what they hold. The playlists name each other and the files by bare
    names: `/files` signs those when it hands a playlist out.
    """
    if not prepared.has_ladder:
        return {}
    base, rungs = f"{key.rpartition('.')[0]}-hls", []
    for making in prepared.makings:
        plan, name = making.plan, making.name or FIRST_RUNG
        if not is_rung(plan, prepared.plan):
            continue
        target = folder / f"{name}.hls.mp4"
        chunks = {index: files[content] for index, content in enumerate(making.keys)}
        sound = files[making.sound_key] if plan.has_sound else None
        told = package_arguments(plan, chunks, sound, target)
        made: HlsFile = await asyncio.to_thread(
            sandbox.run, "package", told, limits=tools.part_limits
        )
        rungs.append(rung_of(name, plan, made))
        await tools.storage.put_file(f"{base}/{name}.mp4", target)
        await _keep_text(tools, f"{base}/{name}.m3u8", media_playlist(rungs[-1]), folder)
    await _keep_text(tools, f"{base}/{MASTER}", master_playlist(rungs), folder)
    return {"hls_key": f"{base}/{MASTER}"}


async def _keep_text(tools: RenderTools, key: str, text: str, folder: Path) -> None:
    path = folder / "playlist"
    path.write_text(text, encoding="utf-8")
    await tools.storage.put_file(key, path)


async def keep_subtitles(
    tools: RenderTools, subtitles: Subtitles | None, output_key: str, folder: Path
) -> dict[str, Any]:
    """Write and keep the files that are asked for; return their keys as the row has them."""
    if subtitles is None or not subtitles.sidecar:
        return {}
    keys = {}
    for form in subtitles.sidecar:
        target = folder / f"subtitles.{form}"
        target.write_text(written(subtitles.cues, form), encoding="utf-8")
        keys[form] = f"{output_key.rpartition('.')[0]}.{form}"
        await tools.storage.put_file(keys[form], target)
    return {"subtitles": keys}
