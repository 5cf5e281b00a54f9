"""What the jobs of a render work with; made once per worker."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.engine import sandbox
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.assets.model import LocalAsset
from vidgenie.services.db.pool import Database
from vidgenie.services.renders.view import Link
from vidgenie.services.storage import Storage

if TYPE_CHECKING:
    from vidgenie.services.renders.prepare import Prepared

FETCHES_MAX = 8
"""Sources of all renders of one worker fetched at a time: more only share the same line."""

PREPARED_MAX = 8
"""Renders whose plan a worker keeps at hand for their next part."""


FACTS_MAX = 256
"""Sources whose facts are kept at hand, by content: a probe is a child process."""


@dataclass(frozen=True)
class RenderTools:
    """The database, the storage, the fetcher, and how long the engine's children may run."""

    db: Database
    storage: Storage
    fetcher: Fetcher
    work_dir: Path
    link: Link
    probe_limits: SandboxLimits
    part_limits: SandboxLimits
    fetches: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FETCHES_MAX))
    prepared: "OrderedDict[str, Prepared]" = field(default_factory=OrderedDict)

    facts: OrderedDict[str, MediaFacts] = field(default_factory=OrderedDict)

    async def facts_of(self, local: LocalAsset) -> MediaFacts:
        """Probe a source, unless its content is known.

        Raises: AssetUnsupported; RenderTimeout.
        """
        known = self.facts.get(local.sha256)
        if known is not None:
            return known
        found: MediaFacts = await asyncio.to_thread(
            sandbox.run, "probe", (local.path,), limits=self.probe_limits
        )
        self.facts[local.sha256] = found
        while len(self.facts) > FACTS_MAX:
            self.facts.popitem(last=False)
        return found

    def keep(self, render_id: str, prepared: "Prepared") -> None:
        """Keep a plan at hand, letting go of the one not used for the longest time."""
        self.prepared[render_id] = prepared
        self.prepared.move_to_end(render_id)
        while len(self.prepared) > PREPARED_MAX:
            self.prepared.popitem(last=False)
