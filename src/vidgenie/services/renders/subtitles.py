"""The subtitles' files of a render, beside its output in the storage."""

from pathlib import Path
from typing import Any

from vidgenie.core.plan.subtitles import Subtitles, written
from vidgenie.services.renders.tools import RenderTools


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
