"""Which declarations meet which element: of the browser's sheet, attributes, and the page."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

from vidgenie.engine.paint.html.shorthands import expand
from vidgenie.engine.paint.html.values import Token, Unknown

BROWSER = """
html, body, div, p, h1, h2, h3, h4, h5, h6, ul, ol, dl, dt, dd, blockquote, pre, center, hr,
address, article, aside, footer, header, main, nav, section, figure, figcaption, form, fieldset,
details, summary, dir, menu { display: block }
li { display: list-item }
table { display: table; border-spacing: 2px; text-indent: 0 }
caption { display: table-caption; text-align: -webkit-center }
thead { display: table-header-group; vertical-align: middle }
tbody { display: table-row-group; vertical-align: middle }
tfoot { display: table-footer-group; vertical-align: middle }
tr { display: table-row; vertical-align: inherit }
td, th { display: table-cell; vertical-align: inherit; padding: 1px }
th { font-weight: bold; text-align: -webkit-center }
p, dl, ul, ol, menu, dir, blockquote, figure, pre, h4 { margin-top: 1em; margin-bottom: 1em }
ul ul, ul ol, ol ul, ol ol { margin-top: 0; margin-bottom: 0 }
ul, ol, menu, dir { padding-left: 40px }
ol { list-style-type: decimal }
ul ul, ol ul { list-style-type: circle }
ul ul ul, ol ul ul { list-style-type: square }
blockquote, figure { margin-left: 40px; margin-right: 40px }
dd { margin-left: 40px }
h1 { font-size: 2em; font-weight: bold; margin-top: .67em; margin-bottom: .67em }
h2 { font-size: 1.5em; font-weight: bold; margin-top: .83em; margin-bottom: .83em }
h3 { font-size: 1.17em; font-weight: bold; margin-top: 1em; margin-bottom: 1em }
h4 { font-weight: bold; margin-top: 1.33em; margin-bottom: 1.33em }
h5 { font-size: .83em; font-weight: bold; margin-top: 1.67em; margin-bottom: 1.67em }
h6 { font-size: .67em; font-weight: bold; margin-top: 2.33em; margin-bottom: 2.33em }
b, strong { font-weight: bolder }
i, em, cite, dfn, var, address { font-style: italic }
u, ins { text-decoration: underline }
s, strike, del { text-decoration: line-through }
a { color: inherit; text-decoration: underline }
big { font-size: larger }
small { font-size: smaller }
sub { vertical-align: sub; font-size: smaller }
sup { vertical-align: super; font-size: smaller }
code, kbd, samp, tt, pre { font-family: monospace; font-size: .8125em }
pre { white-space: pre }
mark { background-color: yellow; color: black }
center { text-align: -webkit-center }
nobr { white-space: nowrap }
hr { border: 1px inset gray; margin: .5em auto; color: gray }
"""
"""After the HTML Standard §15.3; the body has no margin, a link the colour of its text."""

Declarations = dict[str, Sequence[Token]]
Rule = tuple[list[tuple[str, Sequence[Token]]], list[tuple[str, Sequence[Token]]]]
"""A rule's usual declarations and its important ones, shorthands expanded."""


class Cascade:
    """The rules of one page."""

    def __init__(self, css: str) -> None:
        self._own = _matcher(css)

    def declared(self, wrapped: Any, hints: str) -> Declarations:
        """Return the winning declaration of each longhand of an element.

        `hints` are what its attributes say, as CSS: they win over the browser's sheet alone.
        """
        found: Declarations = {}
        important: Declarations = {}
        for rule in (*_matching(_browser(), wrapped), declarations(hints)):
            _take(found, rule[0])
        inline = declarations(_style_of(wrapped.etree_element))
        for rule in (*_matching(self._own, wrapped), inline):
            _take(found, rule[0])
            _take(important, rule[1])
        return found | important


def _take(found: Declarations, pairs: Sequence[tuple[str, Sequence[Token]]]) -> None:
    for name, tokens in pairs:
        found.pop(name, None)
        found[name] = tokens


def _style_of(element: Element) -> str:
    return element.get("style") or ""


@cache
def _browser() -> cssselect2.Matcher:
    return _matcher(BROWSER)


def _matching(matcher: cssselect2.Matcher, wrapped: Any) -> Iterator[Rule]:
    """Yield the rules that an element meets, the strongest last."""
    for match in sorted(matcher.match(wrapped), key=lambda match: match[:2]):
        if match[2] is None:  # no pseudo-element
            yield match[3]


def _matcher(css: str) -> cssselect2.Matcher:
    matcher = cssselect2.Matcher()
    _add(matcher, tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), 0)
    return matcher


def _add(matcher: cssselect2.Matcher, rules: Sequence[Any], depth: int) -> None:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "media" and depth < 4:
            queries = tinycss2.serialize(rule.prelude).strip().lower()
            if queries in ("all", "screen", "") and rule.content is not None:
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                _add(matcher, inner, depth + 1)
        if rule.type != "qualified-rule":
            continue
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            continue  # a selector that is not known drops its rule, as in a browser
        made = declarations(rule.content)
        for selector in selectors:
            matcher.add_selector(selector, made)


def declarations(content: str | Sequence[Token]) -> Rule:
    """Read a block of declarations."""
    usual: list[tuple[str, Sequence[Token]]] = []
    important: list[tuple[str, Sequence[Token]]] = []
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    for each in parsed:
        if each.type != "declaration":
            continue
        try:
            pairs = list(expand(each.lower_name, each.value))
        except Unknown:
            continue
        (important if each.important else usual).extend(pairs)
    return usual, important
