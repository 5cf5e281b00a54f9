"""Every object of an edit, with the place where it stands: for rules that hold everywhere."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from vidgenie.core.edit.model import Clip, Edit, Node


def each_node(edit: Edit) -> Iterator[tuple[str, Node]]:
    """Yield every object that has fields of the format, with its JSON Pointer, parents first.

    Clips that their `condition` leaves out are no part of it.
    """
    stack: list[tuple[str, Node]] = [("", edit)]
    while stack:
        path, node = stack.pop()
        yield path, node
        following: list[tuple[str, Node]] = []
        for attribute, name in _holders(type(node)):
            value = getattr(node, attribute)
            if isinstance(value, Node):
                following.append((f"{path}/{name}", value))
            elif isinstance(value, tuple):
                following += _entries(f"{path}/{name}", value)
        stack += reversed(following)


def _entries(path: str, values: tuple[Any, ...]) -> Iterator[tuple[str, Node]]:
    for index, value in enumerate(values):
        is_left_out = isinstance(value, Clip) and not value.is_shown
        if isinstance(value, Node) and not is_left_out:
            yield f"{path}/{index}", value


@cache
def _holders(kind: type[Node]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class that may hold objects: as attributes, and as written."""
    return tuple(
        (attribute, info.alias or attribute)
        for attribute, info in kind.model_fields.items()
        if any(True for _ in models_in(info.annotation))
    )


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a field's annotation names: alone, in a list or as branches."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from models_in(part)


@cache
def marked(kind: type[Node], mark: type) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class that bear a mark, as attributes and as they are written."""
    return tuple(
        (attribute, info.alias or attribute)
        for attribute, info in kind.model_fields.items()
        if any(isinstance(entry, mark) for entry in info.metadata) or _bears(info.annotation, mark)
    )


def _bears(annotation: Any, mark: type) -> bool:
    metadata = getattr(annotation, "__metadata__", ())
    return any(isinstance(entry, mark) for entry in metadata) or any(
        _bears(part, mark) for part in get_args(annotation)
    )
