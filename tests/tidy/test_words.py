"""The house's words (STYLE.md §3), and what must not stand in the tree."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
BANNED = re.compile(r"\b(utils?|helpers?|common|manager|misc)\b", re.IGNORECASE)
LEFTOVERS = re.compile(
    r"\b(TODO|FIXME|XXX|NotImplementedError)\b|pytest\.(skip|mark\.(skip|xfail))"
)
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|\"resolved\"")
ABROAD = re.compile(r"(src|href)=[\"']?(https?:)?//|url\((https?:)?//", re.IGNORECASE)


def tracked(*patterns: str) -> list[Path]:
    """Return files that are part of the project; git knows them, or the folder itself."""
    found = [path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()]
    return [path for path in found if ".venv" not in path.parts]


def names_in(path: Path) -> set[str]:
    """Return the names a module gives: its own, its functions', its classes'."""
    given = {path.stem}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given.add(node.name)
    return given


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_what_things_are(path: Path) -> None:
    for name in names_in(path):
        words = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).replace("_", " ")
        assert not BANNED.search(words), f"{path.name}: {name} names nothing; say what it does"


def test_nothing_is_left_for_later() -> None:
    for path in tracked("src/**/*.py", "tests/**/*.py", "tools/*.py", "bench/*.py"):
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not LEFTOVERS.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_pins_name_no_addresses_and_have_hashes() -> None:
    for path in tracked("requirements/*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), f"{path.name} names where packages come from"
        pins = re.findall(r"^[a-z0-9][^\s\\]*==\S+", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_pages_load_nothing_from_abroad() -> None:
    pages = tracked("src/**/*.html", "src/**/*.css")
    assert pages
    for path in pages:
        assert not ABROAD.search(path.read_text(encoding="utf-8")), f"{path.name} loads from abroad"


def test_the_glossary_has_every_word_of_the_house() -> None:
    style = (ROOT / "STYLE.md").read_text(encoding="utf-8")
    section = style[style.index("## 3 Words") : style.index("## 4 ")]
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    for cell in re.findall(r"^\| \*\*(.+?)\*\*", section, re.MULTILINE):
        for word in re.split(r"[,/*]+", cell):
            assert f"**{word.strip().lower()}**" in glossary, f"GLOSSARY.md lacks {word.strip()!r}"


def test_importing_the_core_loads_no_codec() -> None:
    code = (
        "import sys, vidgenie, vidgenie.core.plan.chunks;"
        "print([m for m in ('av', 'skia', 'cv2', 'numpy', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_who_asks_for_a_render_loads_no_codec_and_the_child_no_document() -> None:
    asked = loaded("import vidgenie.services.local.render, vidgenie.services.renders.perform")
    assert "vidgenie.engine.sandbox" in asked
    assert asked.isdisjoint({"av", "skia", "cv2", "numpy", "uharfbuzz"})
    child = loaded(
        "from importlib import import_module as load;"
        "from vidgenie.engine.tasks import TASKS; [task.load() for task in TASKS.values()];"
        "from vidgenie.engine.paint.drawing import PAINTERS;"
        "[load(f'vidgenie.engine.paint.{module}') for module, _ in PAINTERS.values()]"
    )
    assert {"av", "skia", "cv2", "numpy"} <= child
    assert child.isdisjoint({"pydantic", "asyncio"})


def loaded(code: str) -> set[str]:
    """Return the modules that a new interpreter has after some code."""
    told = f"{code}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_stairs_only_go_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout
