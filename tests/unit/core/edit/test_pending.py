"""What is not rendered yet is refused by name, and only where it would show."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from documents import CLIP, VIDEO, clip, edit, problem
from vidgenie.core.edit import model, pending
from vidgenie.core.edit.parse import parse


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tables of the test's own: the real ones grow shorter with every feature."""
    monkeypatch.setattr(pending, "PENDING_FIELDS", frozenset({"Clip.fit", "Clip.width"}))
    monkeypatch.setattr(pending, "PENDING_ASSETS", frozenset({"html5"}))
    monkeypatch.setattr(pending, "PENDING_FORMATS", frozenset({"gif"}))
    caches = (pending._fields, pending.may_pend)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (edit(clip(fit="contain")), f"{CLIP}/fit"),
        (edit(clip(width=3)), f"{CLIP}/width"),
        (edit(clip(asset={"type": "html5", "html": ""})), f"{CLIP}/asset/type"),
        (edit(output={"format": "gif"}), "/output/format"),
    ],
)
def test_what_is_pending_is_told_by_name(document: Any, path: str) -> None:
    found = problem(document)
    assert (found.path, found.code) == (path, "not_supported_yet")
    assert pending.NOT_YET in found.message


def test_pending_parts_of_a_composition_are_told_inside_it() -> None:
    inner = {"type": "composition", "timeline": {"tracks": [{"clips": [clip(width=3)]}]}}
    assert problem(edit(clip(asset=inner))).path == f"{CLIP}/asset{CLIP}/width"


def test_a_field_that_says_what_leaving_it_out_says_is_not_told() -> None:
    parse(edit(clip(fit="crop", width=None, transition="none")))


@pytest.mark.parametrize(
    ("asset", "name"),
    [
        ({"type": "text-to-speech", "text": "", "voice": ""}, "type"),
        ({"type": "text-to-image", "prompt": ""}, "type"),
        ({"type": "image-to-video", "src": "https://a.example"}, "type"),
        ({"type": "image", "prompt": "a tree"}, "prompt"),
        (VIDEO | {"options": {"a": 1}}, "options"),
        (VIDEO | {"musicLengthMs": 3}, "musicLengthMs"),
    ],
)
def test_generated_media_needs_a_provider(asset: dict[str, Any], name: str) -> None:
    found = problem(edit(clip(asset=asset)))
    assert (found.path, found.code) == (f"{CLIP}/asset/{name}", "no_provider")
    assert "no provider" in found.message


def test_the_tables_name_what_the_models_have() -> None:
    kinds = {
        get_args(kind.model_fields["type"].annotation)[0]
        for kind in vars(model).values()
        if isinstance(kind, type) and kind.__name__.endswith("Asset")
    }
    source = Path(pending.__file__).read_text(encoding="utf-8")
    for owner, name in re.findall(r'"([A-Z]\w+)\.(\w+)"', source):
        fields = getattr(model, owner).model_fields
        assert name in {info.alias or attribute for attribute, info in fields.items()}
    assert kinds >= pending.PENDING_ASSETS | pending.GENERATED_ASSETS
