"""What remains of an edit without its wrong parts, so that its rules are checked all the same.

A user should not mend a misspelt name only to hear of the next fault. What is wrong is taken out,
or, where the model insists on something, replaced by what breaks no rule.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.problems import Keys, details_of, keys_of

ROUNDS_MAX = 12
"""Taking one thing out may bring another to light, or what is around it must go, too."""

_CLIP = {"asset": {"type": "text", "text": ""}, "start": 0, "length": "auto"}

_NEUTRAL: Mapping[str, Any] = {
    "timeline": {"tracks": []},
    "output": {"format": "mp4", "resolution": "hd"},
    "tracks": [],
    "clips": [_CLIP],
    "format": "mp4",
    "resolution": "hd",
    **_CLIP,
    "src": "https://source.invalid/",
    "text": "",
}
"""What breaks no rule, by the name of the field that must have it."""

_ENTRIES: Mapping[str, Any] = {"tracks": {"clips": [_CLIP]}, "clips": _CLIP}
"""What breaks no rule in place of a list's entry: the entries behind it keep their numbers."""


def salvage(document: Mapping[str, Any]) -> Edit | None:
    """Return the edit that remains when all that the model refuses is gone; None if nothing does.

    The document stays as it is.
    """
    remains = _copied(document)
    touched: Counter[Keys] = Counter()
    for _ in range(ROUNDS_MAX):
        try:
            return Edit.model_validate(remains)
        except ValidationError as error:
            for detail in details_of(error):
                keys = _whole_property(keys_of(detail))
                _take_out(remains, keys, touched[keys])
                touched[keys] += 1
    return None


def _copied(value: Any) -> Any:
    """Return a copy that shares nothing: a value filled in at two places is two values here."""
    if isinstance(value, Mapping):
        return {name: _copied(entry) for name, entry in value.items()}
    return [_copied(entry) for entry in value] if isinstance(value, list) else value


def _whole_property(keys: Keys) -> Keys:
    """Return where a whole list of tweens stands: some of them without others mean nothing."""
    for index, key in enumerate(keys):
        if isinstance(key, int) and keys[index - 1] not in _ENTRIES:
            return keys[:index]
    return keys


def _take_out(document: Any, keys: Keys, times: int) -> None:
    """Make the value at `keys` neutral; then take it out; then what is around it, and so on."""
    keys = keys[: len(keys) - max(0, times - 1)]
    if not keys:
        return
    parent = document
    for key in keys[:-1]:
        if not _has(parent, key):
            return  # taken out with something around it
        parent = parent[key]
    last = keys[-1]
    if isinstance(parent, list) and isinstance(last, int):
        parent[last] = _copied(_ENTRIES[str(keys[-2])])
    elif isinstance(parent, dict) and last in _NEUTRAL and times != 1:
        parent[last] = _copied(_NEUTRAL[str(last)])
    elif isinstance(parent, dict):
        parent.pop(last, None)


def _has(parent: Any, key: int | str) -> bool:
    if isinstance(parent, list):
        return isinstance(key, int) and key < len(parent)
    return isinstance(parent, dict) and key in parent
