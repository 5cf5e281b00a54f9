"""Fields of templates: what is declared, what is taken, and that values stay data."""

from typing import Any

import pytest

from vidgenie.core.edit.fields import fields_of, fill
from vidgenie.core.edit.merge import merge, merge_values
from vidgenie.errors import EditInvalid, MergeFieldsMissing

EVIL = "</style></script>\"'> <b onclick=x>;} {{other}} javascript:a()"


def template(asset: dict[str, Any], fields: object = None) -> dict[str, Any]:
    clip = {"asset": asset, "start": 0, "length": 1}
    return {"timeline": {"tracks": [{"clips": [clip]}]}, "output": {}, "merge": fields}


def filled(document: dict[str, Any], **values: Any) -> dict[str, Any]:
    edit = fill(document, fields_of(document), values)
    asset = merge(edit, merge_values(edit["merge"]))["timeline"]["tracks"][0]["clips"][0]["asset"]
    assert isinstance(asset, dict)
    return asset


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>{{v}}</p>", "<p>&#60;b&#62;</p>"),
        ("<p style='a:{{v}}'>", "<p style='a:&#92;3c&#32;b&#92;3e&#32;'>"),
        ("<style>a{b:{{v}}}</style>", "<style>a{b:\\3c b\\3e }</style>"),
        ('<script>x="{{v}}"</script>', '<script>x="\\u003cb\\u003e"</script>'),
        ("<style>a{}</style><p>{{v}}", "<style>a{}</style><p>&#60;b&#62;"),
        ("<p title={{v}}>", "<p title=&#60;b&#62;>"),
    ],
)
def test_value_is_escaped_by_where_it_stands(html: str, expected: str) -> None:
    assert filled(template({"type": "html", "html": html}), v="<b>")["html"] == expected


def test_hostile_value_stays_data_in_every_language() -> None:
    for key, kind in (("html", "html"), ("css", "html"), ("js", "html5"), ("src", "svg")):
        text = filled(template({"type": kind, key: "[{{v}}]"}), v=EVIL)[key]
        assert not set("<>\"'{};()") & set(text.replace("&#", "").replace(";", "")), (key, text)


def test_value_is_raw_in_plain_texts_and_where_markup_is_declared() -> None:
    asset = {"type": "text", "text": "{{v}}"}
    assert filled(template(asset), v="<b> {{v}}")["text"] == "<b> {{v}}"
    fields = [{"find": "v", "markup": True}]
    page = template({"type": "html", "html": "{{v}}"}, fields)
    assert filled(page, v="<b>x</b>")["html"] == "<b>x</b>"


@pytest.mark.parametrize("address", ["javascript:a()", "java\tscript:a()", "data:text/html,x"])
def test_address_of_another_kind_is_refused(address: str) -> None:
    page = template({"type": "html", "html": "<a href='{{v}}'>"})
    with pytest.raises(EditInvalid):
        filled(page, v=address)
    assert "https" in filled(page, v="https://a.example/")["html"]


@pytest.mark.parametrize(
    ("declared", "value", "code"),
    [
        ({"type": "integer"}, 1.5, "wrong_type"),
        ({"type": "number"}, True, "wrong_type"),
        ({"type": "string"}, 3, "wrong_type"),
        ({"type": "number", "min": 2}, 1, "too_small"),
        ({"type": "string", "max": 2}, "abc", "too_large"),
        ({"enum": ["a", "b"]}, "c", "wrong_value"),
    ],
)
def test_value_that_its_field_does_not_take(
    declared: dict[str, Any], value: object, code: str
) -> None:
    document = template({"type": "text", "text": "{{v}}"}, [{"find": "v", **declared}])
    with pytest.raises(EditInvalid) as caught:
        filled(document, v=value)
    assert [(p.path, p.code) for p in caught.value.problems] == [("/merge/v", code)]


def test_missing_and_unknown_values_are_told() -> None:
    document = template({"type": "text", "text": "{{name}} {{city}}"}, {"city": "Rome"})
    with pytest.raises(MergeFieldsMissing) as missing:
        filled(document)
    assert [problem.path for problem in missing.value.problems] == ["/merge/name"]
    assert filled(document, name="Ada")["text"] == "Ada Rome"
    with pytest.raises(EditInvalid) as unknown:
        filled(document, nmae="Ada")
    assert "{{name}}" in unknown.value.problems[0].message


@pytest.mark.parametrize(
    ("declared", "path"),
    [
        ([{"find": "v", "typ": "string"}], "/merge/0/typ"),
        ([{"find": "v", "type": "text"}], "/merge/0/type"),
        ([{"find": "v", "replace": 1, "default": 1}], "/merge/0/default"),
        ([{"find": "w"}], "/merge/0"),
        ([{"find": "v"}, {"find": "v"}], "/merge/1/find"),
        ([{"find": "v", "min": "1"}], "/merge/0/min"),
        ([{"find": "v", "type": "string", "default": 1}], "/merge/0"),
        ([1], "/merge/0"),
    ],
)
def test_declaration_that_is_wrong(declared: object, path: str) -> None:
    with pytest.raises(EditInvalid) as caught:
        fields_of(template({"type": "text", "text": "{{v}}"}, declared))
    assert path in [problem.path for problem in caught.value.problems]
