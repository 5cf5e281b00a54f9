"""Facts of sources, kept beside the chunks: a file that was looked at once is not probed again.

They are found by what the file holds and by the engine that looked, never by its name or date.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.engine import sandbox
from vidgenie.engine.fingerprint import engine_fingerprint
from vidgenie.engine.kept import KeptChunks
from vidgenie.engine.tasks import facts_from_json, facts_to_json
from vidgenie.services.local.parts import LIMITS

KEY_LETTERS = 40
SIZE_MAX = 64 << 20
"""A larger file is probed: that reads its tables, a hash of it would read all of it once more."""


def facts_of(path: Path, folder: Path, kept: KeptChunks | None) -> MediaFacts:
    """Return what a file holds; `folder` is for what is being read or written.

    Raises: AssetError, as the task `probe` does.
    """
    if kept is None or path.stat().st_size > SIZE_MAX:
        return _probed(path)
    key, told = _key_of(path), folder / f"facts-{uuid4().hex}"
    if kept.find(key, told):
        with suppress(KeyError, TypeError, ValueError):
            return facts_from_json(json.loads(told.read_text()))
    facts = _probed(path)
    part = folder / f"facts-{uuid4().hex}"
    with suppress(OSError):
        part.write_text(json.dumps(facts_to_json(facts)))
        kept.keep(key, part)
    return facts


def _probed(path: Path) -> MediaFacts:
    facts: MediaFacts = sandbox.run("probe", (path,), limits=LIMITS)
    return facts


def _key_of(path: Path) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    told = f"facts {engine_fingerprint()} {path.suffix.lower()} {content}"
    return hashlib.sha256(told.encode()).hexdigest()[:KEY_LETTERS]
