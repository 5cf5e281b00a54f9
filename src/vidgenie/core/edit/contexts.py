"""Where a template's placeholder stands, and what a value must look like there to stay data.

    "html": "<p style='color:{{colour}}'>{{ name }}</p>"
                                 css, in html      html

A placeholder in markup is renamed after its place (`{{name|html}}`); each place then has a value
of its own, escaped for it, and the edit is filled by `merge` as any other.
Source: OWASP, Cross Site Scripting Prevention: everything but letters and digits is escaped.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from vidgenie.core.edit.merge import MERGED, PLACEHOLDER
from vidgenie.core.edit.wording import escape as escaped_key
from vidgenie.errors import EditInvalid, Problem

Places = dict[str, tuple[str, str]]
"""From a placeholder's name in the rewritten document to its field and its place."""

MARKUP = {
    ("html", "html"): "html",
    ("html", "css"): "css",
    ("html5", "html"): "html",
    ("html5", "css"): "css",
    ("html5", "js"): "js",
    ("svg", "src"): "html",
}
"""Members of assets that are read as a language, by the asset's type."""

PLACEHOLDERS_MAX = 500
"""In one text of markup: each looks back over the text before it."""

ADDRESSES = {"href", "src", "xlink:href", "action", "formaction", "poster"}
SCHEMES = {"http", "https", "asset"}

_SIGNS = r"[\x00-\x20!-/:-@\[-`{-~]"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HTML = re.compile(_SIGNS)
_CSS = re.compile(r"(?![ #.,%+_-])" + _SIGNS)
_JS = re.compile(r"(?! )" + _SIGNS + "|[\u2028\u2029]")
_ATTRIBUTE = re.compile(r"([^\s=<>\"']+)(?:\s*=\s*(\"[^\"]*\"?|'[^']*'?|[^\s\"'>]*))?")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def place(document: Mapping[str, Any]) -> tuple[dict[str, Any], Places]:
    """Return a template's document with its placeholders named after their places, and those.

    Raises: EditInvalid when a text of markup has too many.
    """
    places: Places = {}
    placed = {
        name: _walk(part, f"/{escaped_key(name)}", places) if name in MERGED else part
        for name, part in document.items()
    }
    return placed, places


def _walk(value: Any, path: str, places: Places, language: str = "") -> Any:
    if isinstance(value, str):
        return _rename(value, path, places, language) if "{{" in value else value
    if isinstance(value, Mapping):
        kind = value.get("type")
        return {
            name: _walk(entry, f"{path}/{escaped_key(name)}", places, _language(kind, name))
            for name, entry in value.items()
        }
    if isinstance(value, list):
        return [_walk(entry, f"{path}/{index}", places) for index, entry in enumerate(value)]
    return value


def _language(kind: Any, name: str) -> str:
    return MARKUP.get((kind, name), "") if isinstance(kind, str) else ""


def _rename(text: str, path: str, places: Places, language: str) -> str:
    matches = list(PLACEHOLDER.finditer(text))
    if language and len(matches) > PLACEHOLDERS_MAX:
        message = f"one text of markup has at most {PLACEHOLDERS_MAX} placeholders"
        raise EditInvalid(message, problems=[Problem(path, "too_many", message)])
    lowered = text.lower()
    made, end = [], 0
    for match in matches:
        where = _inside(lowered[: match.start()]) if language == "html" else language
        name = match[1].strip()
        placed = f"{name}|{where}" if where else name
        places[placed] = (name, where)
        made += [text[end : match.start()], f"{{{{{placed}}}}}"]
        end = match.end()
    return "".join([*made, text[end:]])


def _inside(before: str) -> str:
    """Return the languages, innermost first, that a place in HTML or SVG is read in."""
    opened, closed = before.rfind("<"), before.rfind(">")
    if opened > closed:
        return _in_tag(before[opened:])
    for element, language in (("<style", "css"), ("<script", "js")):
        start = before.rfind(element)
        if start >= 0 and before.rfind(f"</{element[1:]}") < start:
            return language
    return "html"


def _in_tag(tag: str) -> str:
    last = None
    for match in _ATTRIBUTE.finditer(tag):
        last = match
    if last is None or last[2] is None or last.end() != len(tag):
        return "html"
    name, value = last[1], last[2]
    if name == "style":
        return "css html"
    if name.startswith("on"):
        return "js html"
    return "url html" if name in ADDRESSES and value in ("", '"', "'") else "html"


def escape(value: Any, where: str, path: str) -> Any:
    """Return a value as it must stand in a place. Raises: EditInvalid for an unsafe address."""
    if not where:
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float) and where in ("css", "js"):
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = _CONTROLS.sub("", text)
    for language in where.split():
        text = _ESCAPES[language](text, path)
    return text


def _html(text: str, _: str) -> str:
    return _HTML.sub(lambda sign: f"&#{ord(sign[0])};", text)


def _css(text: str, _: str) -> str:
    return _CSS.sub(lambda sign: f"\\{ord(sign[0]):x} ", text)


def _js(text: str, _: str) -> str:
    return _JS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _url(text: str, path: str) -> str:
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", text))
    if scheme and scheme[1].lower() not in SCHEMES:
        message = f"an address in markup begins with https, http or asset, not `{scheme[1][:20]}:`"
        raise EditInvalid(problems=[Problem(path, "wrong_value", message)])
    return text


_ESCAPES = {"html": _html, "css": _css, "js": _js, "url": _url}
