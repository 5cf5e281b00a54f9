"""What an edit may say and this version does not render yet: refused by name, with its place.

The models know the whole format; this table is what is still to be built. Whoever builds a feature
deletes its line here, and nothing else: the rule below lets it pass then.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from vidgenie.core.edit.model import Generated, Node, Output, Rendition
from vidgenie.errors import Problem

NOT_YET = "is part of the edit format, but this version of VidGenie does not render it yet"

NO_PROVIDER = "asks for generated media, and this server has no provider of it configured"

PENDING_ASSETS = frozenset(
    {
        "html5",
        "audiogram",
    }
)
"""Values of an asset's `type`."""

PENDING_FORMATS: frozenset[str] = frozenset()
"""Values of an output's `format`."""

PENDING_FIELDS: frozenset[str] = frozenset()
"""Fields, each with the class of the model that has it."""

GENERATED_ASSETS = frozenset({"text-to-image", "image-to-video", "text-to-speech"})
"""Values of an asset's `type` that ask for generated media."""


@cache
def may_pend(kind: type[Node]) -> bool:
    """Tell whether `check_pending` has anything to look at in objects of a class."""
    is_format = issubclass(kind, Output | Rendition)
    return is_format or "type" in kind.model_fields or any(_fields(kind))


def check_pending(node: Node, path: str) -> Iterator[Problem]:
    """Yield what of one object is not rendered yet, and what no provider is there to make."""
    # Asked of the class first: a model that lacks an attribute takes its time to say so.
    kind = getattr(node, "type", None) if "type" in type(node).model_fields else None
    if kind in PENDING_ASSETS:
        yield _not_yet(f"{path}/type", f'`type` "{kind}"')
        return
    if kind in GENERATED_ASSETS:
        yield Problem(f"{path}/type", "no_provider", f'`type` "{kind}" {NO_PROVIDER}')
        return
    if isinstance(node, Output | Rendition) and node.format in PENDING_FORMATS:
        yield _not_yet(f"{path}/format", f'`format` "{node.format}"')
    pending, generated = _fields(type(node))
    if not pending and not generated:
        return
    for attribute in node.model_fields_set & (pending.keys() | generated.keys()):
        if _does_nothing(node, attribute):
            continue
        if attribute in pending:
            yield _not_yet(f"{path}/{pending[attribute]}", f"`{pending[attribute]}`")
        else:
            name = generated[attribute]
            yield Problem(f"{path}/{name}", "no_provider", f"`{name}` {NO_PROVIDER}")


def _not_yet(path: str, subject: str) -> Problem:
    return Problem(path, "not_supported_yet", f"{subject} {NOT_YET}")


@cache
def _fields(kind: type[Node]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return a class's pending fields, and those of generated media: attribute to name."""
    names = {attribute: info.alias or attribute for attribute, info in kind.model_fields.items()}
    pending = {a: name for a, name in names.items() if f"{kind.__name__}.{name}" in PENDING_FIELDS}
    is_generated = issubclass(kind, Generated)
    generated = {a: names[a] for a in Generated.model_fields} if is_generated else {}
    return pending, generated


def _does_nothing(node: Node, attribute: str) -> bool:
    """Tell whether a field says what leaving it out says."""
    value: Any = getattr(node, attribute)
    default = type(node).model_fields[attribute].default
    return value is None or value == "none" or (value == default and type(value) is type(default))
