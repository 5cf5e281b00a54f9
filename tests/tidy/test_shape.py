"""The house's sizes (STYLE.md §7): a module, a function, a nest, a room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MODULE_MAX, FUNCTION_MAX, POSITIONAL_MAX, NESTING_MAX = 500, 70, 5, 4
TEST_FILE_MAX, ROOM_MAX = 800, 20

NESTS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)
COMMANDS = "edges/cli/"
"""A command's parameters are its flags, named by the user."""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def depth(node: ast.AST, level: int = 0) -> int:
    """Return how deep statements are nested; an `elif` is no level of its own."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deeper = isinstance(child, NESTS) and not is_elif
        deepest = max(deepest, depth(child, level + deeper))
    return deepest


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_modules_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_MAX, f"{name_of(path)} has {lines} lines: split it by what it does"


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_test_files_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= TEST_FILE_MAX, f"{name_of(path)} has {lines} lines: split it by subject"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_are_short_flat_and_take_little(path: Path) -> None:
    for node in functions(path):
        where = f"{name_of(path)}:{node.lineno} {node.name}"
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        is_list_of_commands = COMMANDS in name_of(path) and node.name == "add_commands"
        assert lines <= FUNCTION_MAX or is_list_of_commands, f"{where} has {lines} lines: split it"
        positional = [a for a in node.args.posonlyargs + node.args.args if a.arg != "self"]
        assert len(positional) <= POSITIONAL_MAX or COMMANDS in name_of(path), (
            f"{where} takes {len(positional)} positional parameters: make some keyword-only"
        )
        assert depth(node) <= NESTING_MAX, f"{where} nests {depth(node)} deep: return early"


def test_rooms_are_small() -> None:
    for folder in {path.parent for path in SOURCES}:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= ROOM_MAX, f"{name_of(folder)} has {len(files)} files: make a room"


def test_every_room_says_what_it_is_for() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert doc, f"{name_of(path)} has no docstring"
            assert doc.splitlines()[0].endswith("."), f"{name_of(path)}: first line, one sentence"


def test_every_module_is_used() -> None:
    # Fakes live next to the real thing and are used by tests alone (STYLE.md §8).
    texts = {path: path.read_text(encoding="utf-8") for path in (*SOURCES, *TESTS)}
    for path in SOURCES:
        if path.name in ("__init__.py", "__main__.py"):
            continue
        dotted = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        package, _, name = dotted.rpartition(".")
        found = any(
            dotted in text or (f"from {package} import" in text and name in text)
            for other, text in texts.items()
            if other != path
        )
        assert found, f"{dotted} is imported by nobody: remove it, or use it"
