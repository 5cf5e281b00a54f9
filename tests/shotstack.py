"""Documents as Shotstack's schema allows them, made from the table of its facts.

`tools/shotstack_facts.py` writes the table. Where this house takes less than the table says, an
`Exceptional` entry says so: what is taken, a value that is not, and the rule that refuses it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from strategies import letters

FACTS: Mapping[str, Any] = json.loads((Path(__file__).parent / "shotstack_facts.json").read_text())

NUMBER_MAX = 2_000
"""How far numbers without a bound are tried."""

ALIASES = st.text("abcXYZ019_-", min_size=1, max_size=8)
PATTERNS: Mapping[str, st.SearchStrategy[str]] = {
    "^(auto|alias": st.just("auto"),
    "^(auto|end|alias": st.sampled_from(["auto", "end"]),
    "^[A-Za-z0-9_-]+$": ALIASES,
    "^#": st.text("0123456789abcdefABCDEF", min_size=6, max_size=6).map("#{}".format),
    "\\S": st.text(letters, min_size=1, max_size=9).filter(lambda text: bool(text.strip())),
}
"""Texts of a pattern, by its beginning. Names of clips are given out last: `settled`."""


LEFT_OUT = object()
"""In place of a value: none is given."""


@dataclass(frozen=True)
class Exceptional:
    """A place where less is taken; `place` is `Object.field` with `*` for any.

    `taken` None: what the table says. `is_needed`: it must be there, and LEFT_OUT it is refused.
    `at` is the field where `refused` is tried, if not at `place`.
    """

    place: str
    taken: st.SearchStrategy[Any] | None
    refused: Any
    rule: str
    at: str = ""
    is_needed: bool = False

    @property
    def tried_at(self) -> tuple[str, str]:
        """The object and the field where `refused` is tried."""
        name, _, field = (self.at or self.place).rpartition(".")
        return name, field


@dataclass(frozen=True)
class Writer:
    """Makes documents of the table with some exceptions to it."""

    exceptions: tuple[Exceptional, ...]

    def exception(self, place: str) -> Exceptional | None:
        """Return what is said about a field; the first entry that fits."""
        fits = (one for one in self.exceptions if fnmatchcase(place, one.place))
        return next(fits, None)

    def documents(self) -> st.SearchStrategy[dict[str, Any]]:
        """An edit around one object, each object as often as any other."""
        return st.sampled_from(sorted(FACTS)).flatmap(self._around)

    def _around(self, name: str) -> st.SearchStrategy[dict[str, Any]]:
        made = self.objects(name, depth=2)
        return made.map(lambda value: settled(embedded(name, value, self.least)))

    def objects(self, name: str, *, depth: int) -> st.SearchStrategy[dict[str, Any]]:
        """An object with what it must have and some of what it may have."""
        entry = FACTS[name]
        needed = self._needed(name)
        chosen = st.sets(st.sampled_from(sorted(entry["fields"])), max_size=6 if depth else 1)

        def fill(fields: set[str]) -> st.SearchStrategy[dict[str, Any]]:
            return st.fixed_dictionaries(
                {field: self._field(name, field, depth) for field in sorted(needed | fields)}
            )

        return chosen.flatmap(fill)

    def least(self, name: str) -> dict[str, Any]:
        """Return an object with what it must have, as simple as can be."""
        return {field: self._simple(name, field) for field in sorted(self._needed(name))}

    def _needed(self, name: str) -> set[str]:
        needed = {
            field
            for field in FACTS[name]["fields"]
            if (found := self.exception(f"{name}.{field}")) and found.is_needed
        }
        return needed | set(FACTS[name]["required"])

    def _field(self, name: str, field: str, depth: int) -> st.SearchStrategy[Any]:
        found = self.exception(f"{name}.{field}")
        if found and found.taken is not None:
            return found.taken
        return st.one_of([self._branch(one, depth) for one in FACTS[name]["fields"][field]])

    def _branch(self, branch: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
        low, high = branch.get("min"), branch.get("max")
        match branch["kind"]:
            case _ if "values" in branch:
                return st.sampled_from(branch["values"])
            case "number":
                least = -NUMBER_MAX if low is None else low
                return st.floats(least, NUMBER_MAX if high is None else high)
            case "integer":
                least = -NUMBER_MAX if low is None else low
                return st.integers(least, NUMBER_MAX if high is None else high)
            case "boolean":
                return st.booleans()
            case "string":
                return self._text(branch)
            case "array":
                entry = st.one_of([self._branch(one, depth - 1) for one in branch["of"]])
                return st.lists(entry, min_size=low or 0, max_size=(low or 0) + 1)
            case "object" if "of" in branch:
                below = depth - 1
                return (
                    self.objects(branch["of"], depth=below)
                    if below >= 0
                    else st.just(self.least(branch["of"]))
                )
        return st.dictionaries(st.text(letters, max_size=5), st.integers(), max_size=2)

    def _text(self, branch: Mapping[str, Any]) -> st.SearchStrategy[str]:
        for beginning, texts in PATTERNS.items():
            if branch.get("pattern", "").startswith(beginning):
                return texts
        texts = st.text(letters, min_size=branch.get("min", 0), max_size=20)
        return texts.filter(lambda text: "{{" not in text)

    def _simple(self, name: str, field: str) -> Any:
        branch = FACTS[name]["fields"][field][0]
        found = self.exception(f"{name}.{field}")
        if found and found.taken is not None:
            return SIMPLE.get(f"{name}.{field}", SIMPLE.get(field, 1))
        match branch["kind"]:
            case "object":
                return self.least(branch["of"])
            case "array":
                return [self.least(branch["of"][0]["of"])] * branch.get("min", 0)
            case _ if "values" in branch:
                return branch["values"][0]
            case "string":
                return SIMPLE.get(field, "a")
        return branch.get("min", 1)


SIMPLE: Mapping[str, Any] = {
    "src": "https://media.example/a",
    "SvgAsset.src": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "resolution": "hd",
    "color": "#102030",
    "start": 0,
    "length": 2,
    "replace": 1,
}
"""A right value of a field that must be there, by its place or its name."""

Least = Callable[[str], dict[str, Any]]


def embedded(name: str, value: Any, least: Least) -> dict[str, Any]:
    """Return the smallest edit that holds an object."""
    while name != "Edit":
        parent, field, is_list = PARENTS[name]
        value = {**least(parent), field: [value] * is_list if is_list else value}
        name = parent
    made: dict[str, Any] = value
    return made


def _parents() -> dict[str, tuple[str, str, int]]:
    """Return where each object may stand, nearest to the edit: in what, as what, how often."""
    found: dict[str, tuple[str, str, int]] = {}
    waiting = ["Edit"]
    while waiting:
        name = waiting.pop(0)
        for field, branches in FACTS[name]["fields"].items():
            for branch in branches:
                is_list = branch["kind"] == "array"
                for one in branch["of"] if is_list else [branch]:
                    child = one.get("of") if one["kind"] == "object" else None
                    if child and child not in found and child != "Edit":
                        found[child] = (name, field, branch.get("min", 1) if is_list else 0)
                        waiting.append(child)
    return found


PARENTS = _parents()


def settled(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which no two clips have one alias, and a file of sound is not mute."""
    if document["output"]["format"] == "mp3":
        document["output"].pop("mute", None)
    clips = [clip for track in document["timeline"]["tracks"] for clip in track["clips"]]
    for index, clip in enumerate(clips):
        if "alias" in clip:
            clip["alias"] += f"-{index}"
    return document
