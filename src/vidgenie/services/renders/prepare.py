"""From a render row to a plan and local files: fetch, probe, resolve, plan.

Pure where it can be: any worker that prepares the same render arrives at the same plan, and the
checksum proves it.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vidgenie import __version__
from vidgenie.core.edit.model import Destination, Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.keys import Keys, sound_key
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import Still, plan_output, stills_of
from vidgenie.core.plan.renditions import Rendering, plan_renditions
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.needs import Need, needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.sources.dead import deaths, without_dead
from vidgenie.core.timeline.warnings import warnings
from vidgenie.engine.fingerprint import engine_fingerprint
from vidgenie.engine.lettering.families import families, missing
from vidgenie.engine.values import LocalSource
from vidgenie.errors import AssetError, Problem
from vidgenie.services.renders.model import SOUND_PART, Render
from vidgenie.services.renders.tools import RenderTools

PARTS_MAX = 1_000_000
"""The parts of a rendition are counted from a multiple of this: no plan has so many chunks."""


@dataclass(frozen=True, slots=True)
class Making:
    """One file that is made: the output, which has no name, or a rendition of it."""

    name: str
    plan: Plan
    keys: tuple[str, ...]
    sound_key: str


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
    destinations: tuple[Destination, ...]
    """Where copies of the files go."""
    renditions: tuple[Making, ...] = ()
    has_ladder: bool = False
    """The edit asks for HLS."""

    @property
    def makings(self) -> tuple[Making, ...]:
        """The output, then its renditions."""
        return (Making("", self.plan, self.keys, self.sound_key), *self.renditions)

    def part(self, number: int) -> tuple[Making, int]:
        """Return whose part a number is, and which: its chunk's index, or SOUND_PART."""
        which, index = divmod(number - SOUND_PART, PARTS_MAX)
        return self.makings[which], index + SOUND_PART

    def content(self, number: int) -> str:
        """Return what a part holds."""
        making, index = self.part(number)
        return making.sound_key if index == SOUND_PART else making.keys[index]


async def prepare(tools: RenderTools, render: Render, *, is_last_attempt: bool = False) -> Prepared:
    """Fetch and probe a render's sources, resolve and plan it.

    A clip may give its source up (`onError`): at once where trying again is in vain, else on the
    last attempt. What the first plan gave up stays so: all workers make the same picture.

    Raises: EditInvalid; AssetError with the JSON Pointer of the source's first mention.
    """
    edit = parse(render.document)
    dead = _given_up(render)
    wanted = [need for need in needs(edit) if need.src not in dead]
    answers = await asyncio.gather(
        *(_find(tools, render, need, reuse=edit.timeline.cache) for need in wanted)
    )
    found = {need.src: answer for need, answer in zip(wanted, answers, strict=True)}
    failed = {src: answer for src, answer in found.items() if isinstance(answer, AssetError)}
    dead |= deaths(failed)
    living = without_dead(edit, dead)
    _raise_first(render, failed, living.fatal, is_last_attempt=is_last_attempt)
    edit = living.edit
    alive = {src: answer for src, answer in found.items() if not isinstance(answer, AssetError)}
    assets = {src: source for src, (source, _) in alive.items()}
    facts = {src: source.facts for src, source in assets.items()}
    plan, renditions = await asyncio.to_thread(_plan, edit, facts)
    hashes = {src: sha256 for src, (_, sha256) in alive.items()}
    checksum = plan_checksum(plan, hashes, renditions)
    told = (*living.warnings, *warnings(edit, facts, families(), missing))
    given_up = {src: [problem.code, problem.message] for src, problem in dead.items()}
    kept = {"plan": checksum, "sha256": hashes, "dead": given_up}
    stills = stills_of(edit.output, plan)
    keys, sound = await asyncio.to_thread(_keys, plan, hashes, render)
    others = []
    for each in renditions:
        named = await asyncio.to_thread(_keys, each.plan, hashes, render, f"{each.name}-")
        others.append(Making(each.name, each.plan, *named))
    places = edit.output.destinations
    return Prepared(
        plan, assets, kept, checksum, told, stills, keys, sound, places,
        renditions=tuple(others), has_ladder=edit.output.hls,
    )  # fmt: skip


def _given_up(render: Render) -> dict[str, Problem]:
    """Return the sources that the render's first plan gave up, and why."""
    told = (render.sources or {}).get("dead", {})
    return {src: Problem("", code, message) for src, (code, message) in told.items()}


def _raise_first(
    render: Render,
    failed: Mapping[str, AssetError],
    fatal: Sequence[str],
    *,
    is_last_attempt: bool,
) -> None:
    """Raise the first error that the edit cannot do without, or that another attempt may mend."""
    is_planned = render.sources is not None
    for src, error in failed.items():
        may_mend = error.retry != "never" and not is_last_attempt
        if src in fatal or is_planned or may_mend:
            raise error


def _keys(
    plan: Plan, hashes: Mapping[str, str], render: Render, name: str = ""
) -> tuple[tuple[str, ...], str]:
    """Return the keys of a plan's chunks, and of its sound."""
    scope, version = render.account_id, engine_fingerprint()
    keys = Keys(plan, hashes, scope=scope, version=version)
    # A chunk without a key is like no other one, in this render or another.
    named = tuple(keys.of(chunk) or f"{render.id}-{name}{chunk.index}" for chunk in plan.chunks)
    form = repr(plan.form.sound)
    return named, sound_key(plan.timeline, hashes, scope=scope, version=version, form=form)


def _plan(edit: Edit, facts: Mapping[str, MediaFacts]) -> tuple[Plan, tuple[Rendering, ...]]:
    timeline = resolve(edit, facts)
    return plan_output(edit.output, timeline), plan_renditions(edit, facts, timeline)


def plan_checksum(
    plan: Plan, hashes: Mapping[str, str], renditions: tuple[Rendering, ...] = ()
) -> str:
    """Return the fingerprint of what will be rendered, from what, by which version."""
    parts = [__version__, explain(plan), repr(plan), repr(sorted(hashes.items()))]
    text = "\n".join([*parts, *map(repr, renditions)])
    return hashlib.sha256(text.encode()).hexdigest()


async def _find(
    tools: RenderTools, render: Render, need: Need, *, reuse: bool
) -> tuple[LocalSource, str] | AssetError:
    """Return one source as a local file with its facts, and its content hash; or what is wrong."""
    try:
        async with tools.fetches:
            local = await tools.fetcher.fetch(tools.db, render.account_id, need.src, reuse=reuse)
        facts = await tools.facts_of(local)
    except AssetError as error:
        error.src = error.src or need.src
        if not error.problems:
            error.problems = (Problem(need.path, error.code, error.message),)
        return error
    return LocalSource(local.path, facts), local.sha256
