"""Our lines are a browser's: the same words on each, as wide, at the same height, within a pixel.

Needs a Chromium on the PATH (or named by CHROMIUM): `make test-browser`.
"""

import html
import json
import re
import subprocess
from dataclasses import dataclass

import pytest

from browsers import chromium
from vidgenie.engine.lettering.block import Block, lay_out
from vidgenie.engine.lettering.families import color_emoji, files_of, han_file
from vidgenie.engine.lettering.shape import Setting
from vidgenie.engine.lettering.shelf import FontChoice


@dataclass(frozen=True)
class Case:
    text: str
    family: str = "Open Sans"
    weight: int = 400
    size: int = 28
    width: int = 240
    spacing: float = 0.0


CASES = (
    Case("The quick brown fox jumps over the lazy dog, office fi ffi AVATAR Tokyo.", size=24),
    Case("Well-known “quotes” — and 50% (parentheses), e.g. don't", "Roboto", 700, 32, 260),
    Case("日本語のテキストは、どこでも改行できます。「カギ括弧」も。", width=200),
    Case("مرحبا بالعالم 123 كيف الحال اليوم", "Noto Sans Arabic", size=30, width=220),
    Case("Mixed עברית and English in one line of text", size=26),
    Case("Letter spacing makes office wider", "Montserrat", 500, 26, 260, 3.0),
    Case("สวัสดี ครับ ทุกคน", "Noto Sans Thai", size=30, width=160),
    Case("Emoji 👍🏽 and 👨‍👩‍👧‍👦 flags 🇩🇪 in text that wraps", width=220),
    Case("So supercalifragilisticexpialidocious a word", width=150),
    Case("नमस्ते दुनिया क्या हाल है", "Noto Sans Devanagari", 700, 34, 230),
    Case("Two lines\nby a line end", "Bodoni Moda", 700, 40, 400),
)

_MEASURE = """
document.fonts.ready.then(async () => {
  await Promise.all([...document.fonts].map(font => font.load()));
  const found = [];
  for (const paragraph of document.querySelectorAll('p')) {
    const origin = paragraph.getBoundingClientRect(), lines = [];
    const node = paragraph.lastChild.firstChild;
    const range = document.createRange();
    const mark = paragraph.firstChild.getBoundingClientRect().bottom - origin.top;
    for (const part of new Intl.Segmenter().segment(node.data)) {
      if (!part.segment.trim()) continue;
      range.setStart(node, part.index);
      range.setEnd(node, part.index + part.segment.length);
      const box = [...range.getClientRects()].pop();
      const left = box.left - origin.left, right = box.right - origin.left;
      let last = lines.at(-1);
      if (!last || box.top - last.top > 6)
        lines.push(last = {top: box.top, left, right, text: ''});
      last.left = Math.min(last.left, left);
      last.right = Math.max(last.right, right);
      last.text += part.segment;
    }
    found.push({baseline: mark, height: origin.height, lines});
  }
  document.body.innerText = JSON.stringify(found);
  document.body.id = 'done';
});
"""


def page() -> str:
    faces = {case.family: files_of(case.family)[0].path for case in CASES}
    emoji, han = color_emoji(), han_file("JP")
    assert emoji is not None
    assert han is not None
    faces |= {"emoji": emoji.path, "han": han.path}
    rules = "".join(
        f'@font-face{{font-family:"{name}";src:url("file://{path}");font-weight:100 900}}'
        for name, path in faces.items()
    )
    paragraphs = "".join(
        f"<p dir=auto style=\"font:{case.weight} {case.size}px/1.2 '{case.family}',emoji,han;"
        f'width:{case.width}px;letter-spacing:{case.spacing}px">'
        f'<i style="display:inline-block"></i>&#8288;<span>{html.escape(case.text)}</span></p>'
        for case in CASES
    )
    style = "p{margin:0;text-align:left;white-space:pre-wrap;overflow-wrap:anywhere}"
    return (
        f"<!doctype html><meta charset=utf-8><style>{rules}{style}</style>"
        f"<body>{paragraphs}<script>{_MEASURE}</script>"
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    folder = tmp_path_factory.mktemp("chromium")
    (folder / "page.html").write_text(page())
    done = subprocess.run(
        [
            chromium(),
            *("--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"),
            *("--allow-file-access-from-files", f"--user-data-dir={folder}/profile"),
            *("--virtual-time-budget=10000", "--dump-dom", f"file://{folder}/page.html"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    body = re.search(r'<body id="done">(.*)</body>', done.stdout, re.DOTALL)
    assert body, done.stdout[-400:] + done.stderr[-400:]
    return list(json.loads(html.unescape(body.group(1))))


def ours(case: Case) -> Block:
    font = FontChoice(case.family, case.weight)
    setting = Setting(font, case.size, case.spacing, 0.0, 1.2)
    return lay_out([(case.text, setting)], case.width, "left")


@pytest.mark.parametrize("number", range(len(CASES)))
def test_lines_are_chromiums_within_a_pixel(number: int, measured: list[dict]) -> None:  # type: ignore[type-arg]
    block, theirs = ours(CASES[number]), measured[number]
    assert block.height == pytest.approx(theirs["height"], abs=1)
    assert block.lines[0].baseline == pytest.approx(theirs["baseline"], abs=1)
    assert len(block.lines) == len(theirs["lines"])
    for line, other in zip(block.lines, theirs["lines"], strict=True):
        text = "".join(block.text[line.start : line.stop].split())
        assert text == "".join(other["text"].split())
        assert line.left == pytest.approx(other["left"], abs=1)
        assert line.left + line.width == pytest.approx(other["right"], abs=1)
