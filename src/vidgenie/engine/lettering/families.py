"""The font families at hand, by the packages that bring them; nothing is drawn or loaded here.

A text must look the same on every machine, so system fonts are never asked. Packages are looked up,
not imported: some carry more than fonts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import fontpkg

HAN = ("JP", "KR", "SC", "TC", "HK")
"""The fonts of the Noto Sans CJK collection, in its order."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font within a file. `weights` are the lightest and the boldest it can be drawn at."""

    path: Path
    index: int = 0
    weights: tuple[int, int] = (400, 400)
    is_italic: bool = False


@cache
def families() -> tuple[str, ...]:
    """Return the names of all families at hand."""
    return tuple(sorted(_files()))


def files_of(family: str) -> tuple[FontFile, ...]:
    """Return a family's files; its name as `families` has it."""
    return _files()[family]


def nearest(files: Iterable[FontFile], weight: int, *, is_italic: bool) -> FontFile:
    """Return the file that comes nearest to a weight, in the wanted slant where there is one."""

    def distance(file: FontFile) -> tuple[bool, int, int]:
        light, bold = file.weights
        gap = max(light - weight, weight - bold, 0)
        # CSS Fonts 4 §5.2: light asks for lighter first, bold for bolder.
        wrong_side = bold < weight if weight > 500 else light > weight
        return file.is_italic != is_italic, gap, int(wrong_side)

    return min(files, key=distance)


def missing(text: str) -> str:
    """Return the characters of a text that no font at hand has, each once.

    Cost: the first call loads what draws text.
    """
    from vidgenie.engine.lettering import shelf

    return shelf.missing(text)


@cache
def color_emoji() -> FontFile | None:
    """Return the colour emoji font, if its package is installed."""
    path = _folder("dynamic_font") / "assets/fonts/NotoColorEmoji-Regular.ttf"
    return FontFile(path) if path.exists() else None


@cache
def han_file(region: str) -> FontFile | None:
    """Return the font of Chinese, Japanese and Korean in the shapes of a region of `HAN`."""
    large = _folder("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    small = _folder("dynamic_font") / "assets/fonts/fallback/NotoSansCJK-Regular.ttc"
    if large.exists():
        return FontFile(large, HAN.index(region), (100, 900))
    return FontFile(small, HAN.index(region)) if small.exists() else None


@cache
def script_files() -> Mapping[str, FontFile]:
    """Return the fonts of single scripts, by the script's name in lower case ("devanagari")."""
    found = {}
    older = _folder("dynamic_font") / "assets/fonts/fallback"
    for path in sorted(older.glob("NotoSans*.ttf")):
        found[path.stem.removeprefix("NotoSans").split("-")[0].lower()] = FontFile(path)
    for path in sorted(_folder("manimgx_fonts").glob("NotoSans?*[[]wght[]].ttf")):
        name = path.stem.split("[")[0].removeprefix("NotoSans").lower()
        if not name.startswith("-"):
            found[name] = FontFile(path, 0, (100, 900))
    return found


@cache
def _files() -> Mapping[str, tuple[FontFile, ...]]:
    found = {}
    for family in fontpkg.families().values():
        found[family.name] = tuple(
            FontFile(
                file.path,
                0,
                (file.wght_min, file.wght_max)
                if file.variable and file.wght_min
                else (file.weight or 400, file.weight or 400),
                file.style == "italic",
            )
            for file in family.files
        )
    noto = _folder("manimgx_fonts")
    for name, file in (("Noto Emoji", "NotoEmoji"), ("Noto Sans", "NotoSans")):
        upright, italic = noto / f"{file}[wght].ttf", noto / f"{file}-Italic[wght].ttf"
        both = (FontFile(upright, 0, (100, 900)), FontFile(italic, 0, (100, 900), is_italic=True))
        there = tuple(each for each in both if each.path.exists())
        if there and name not in found:
            found[name] = there
    for region in HAN:
        han = han_file(region)
        if han is not None:
            found[f"Noto Sans {region}"] = (han,)
    for script, file_of_script in script_files().items():
        name = f"Noto Sans {script.title()}"
        if file_of_script.weights != (400, 400) and name not in found:
            found[name] = (file_of_script,)
    return found


def _folder(package: str) -> Path:
    """Return where a package's files are; a folder that is not there for one not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return Path("/nonexistent")
    return Path(spec.origin).parent
