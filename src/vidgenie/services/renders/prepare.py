"""From a render row to a plan and local files: fetch, probe, resolve, plan.

Pure where it can be: any worker that prepares the same render arrives at the same plan, and the
checksum proves it.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vidgenie import __version__
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.keys import Keys, sound_key
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import Still, plan_output, stills_of
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.needs import Need, needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.warnings import warnings
from vidgenie.engine import sandbox
from vidgenie.engine.fingerprint import engine_fingerprint
from vidgenie.engine.lettering.families import families, missing
from vidgenie.engine.source import LocalSource
from vidgenie.errors import AssetError, Problem
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.tools import RenderTools


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a part needs: the plan, the files, and what the render row keeps of them."""

    plan: Plan
    assets: Mapping[str, LocalSource]
    sources: Mapping[str, Any]
    checksum: str
    warnings: tuple[Problem, ...]
    stills: Mapping[str, Still]
    keys: tuple[str, ...]
    """What each chunk holds; equal keys mean equal files, also in other renders."""
    sound_key: str


async def prepare(tools: RenderTools, render: Render) -> Prepared:
    """Fetch and probe a render's sources, resolve and plan it.

    Raises: EditInvalid; AssetError with the JSON Pointer of the source's first mention.
    """
    edit = parse(render.document)
    wanted = needs(edit)
    found = await asyncio.gather(
        *(_find(tools, render, need, reuse=edit.timeline.cache) for need in wanted)
    )
    assets = {need.src: source for need, (source, _) in zip(wanted, found, strict=True)}
    facts = {src: source.facts for src, source in assets.items()}
    plan = await asyncio.to_thread(_plan, edit, facts)
    hashes = {need.src: sha256 for need, (_, sha256) in zip(wanted, found, strict=True)}
    checksum = plan_checksum(plan, hashes)
    told = warnings(edit, facts, families(), missing)
    kept = {"plan": checksum, "sha256": hashes}
    stills = stills_of(edit.output, plan)
    keys, sound = await asyncio.to_thread(_keys, plan, hashes, render)
    return Prepared(plan, assets, kept, checksum, told, stills, keys, sound)


def _keys(plan: Plan, hashes: Mapping[str, str], render: Render) -> tuple[tuple[str, ...], str]:
    """Return the keys of a plan's chunks, and of its sound."""
    scope, version = render.account_id, engine_fingerprint()
    keys = Keys(plan, hashes, scope=scope, version=version)
    # A chunk without a key is like no other one, in this render or another.
    named = tuple(keys.of(chunk) or f"{render.id}-{chunk.index}" for chunk in plan.chunks)
    form = repr(plan.form.sound)
    return named, sound_key(plan.timeline, hashes, scope=scope, version=version, form=form)


def _plan(edit: Edit, facts: Mapping[str, MediaFacts]) -> Plan:
    return plan_output(edit.output, resolve(edit, facts))


def plan_checksum(plan: Plan, hashes: Mapping[str, str]) -> str:
    """Return the fingerprint of what will be rendered, from what, by which version."""
    text = "\n".join([__version__, explain(plan), repr(plan), repr(sorted(hashes.items()))])
    return hashlib.sha256(text.encode()).hexdigest()


async def _find(
    tools: RenderTools, render: Render, need: Need, *, reuse: bool
) -> tuple[LocalSource, str]:
    """Return one source as a local file with its facts, and its content hash."""
    try:
        async with tools.fetches:
            local = await tools.fetcher.fetch(tools.db, render.account_id, need.src, reuse=reuse)
        facts = await asyncio.to_thread(
            sandbox.run, "probe", (local.path,), limits=tools.probe_limits
        )
    except AssetError as error:
        error.src = error.src or need.src
        if not error.problems:
            error.problems = (Problem(need.path, error.code, error.message),)
        raise
    return LocalSource(local.path, facts), local.sha256
