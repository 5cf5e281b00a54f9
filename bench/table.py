"""Prints, tabulates and draws what was measured: bench/results/<kind>.md and .svg."""

import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from keep import RESULTS

WHO = {
    "limit": "#9aa0a6",
    "ours": "#0b6e4f",
    "next": "#4caf7d",
    "again": "#a5d6b7",
    "ffmpeg": "#3b6fb6",
    "moviepy": "#d9822b",
}
"""Who is drawn, in this order, and in which colour."""

SAYS = {
    "limit": "floor: decode + encode",
    "ours": "ours, cold",
    "next": "ours, another title",
    "again": "ours, the same again",
    "ffmpeg": "ffmpeg filter_complex",
    "moviepy": "MoviePy 2",
}
RATIOS = ("ours/limit", "ours/ffmpeg", "ours/moviepy", "next/ffmpeg", "again/ffmpeg", "bytes")


def line(name: str, row: dict[str, Any]) -> str:
    """Return a case in one line for the terminal."""
    cpu = " ".join(f"{who} {spent:.2f}" for who, spent in seconds(row).items())
    ratios = " ".join(f"{key} {row['ratio'][key]:.2f}" for key in RATIOS if key in row["ratio"])
    psnr = " ".join(f"{who} {told['psnr_db']:.1f}" for who, told in row["quality"].items())
    return f"{name:<10} {row['seconds']:>5.1f} s | CPU s: {cpu}\n{'':<19}| {ratios} | dB: {psnr}"


def seconds(row: dict[str, Any]) -> dict[str, float]:
    """Return the CPU seconds of everybody who ran, and of the floor."""
    spent = {name: told["cpu_s"] for name, told in row["spent"].items()}
    return {
        who: (row["floor"]["limit_s"] if who == "limit" else spent[who])
        for who in WHO
        if who == "limit" or who in spent
    }


def write(table: dict[str, Any]) -> None:
    """Write the table and the plot of a whole run beside its figures."""
    (RESULTS / f"{table['kind']}.md").write_text(_markdown(table))
    (RESULTS / f"{table['kind']}.svg").write_text(_plot(table))
    print(f"drawn in {Path(os.path.relpath(RESULTS / table['kind']))}.md and .svg")


def _markdown(table: dict[str, Any]) -> str:
    head = ["case", "s", *(f"{who} CPU s" for who in WHO), *RATIOS, "PSNR ours : ffmpeg", "MB"]
    lines = [
        f"The {table['kind']} form at commit {table['commit']}, load average {table['load']};"
        f" starting a local render: {table['start_cpu_s']:.2f} CPU s.",
        "",
        "| " + " | ".join(head) + " |",
        "| --- |" + " ---: |" * (len(head) - 1),
    ]
    for name, row in table["cases"].items():
        spent, near = seconds(row), row["quality"]
        cells = [name, f"{row['seconds']:.1f}"]
        cells += [f"{spent[who]:.2f}" if who in spent else "" for who in WHO]
        cells += [f"{row['ratio'][key]:.2f}" if key in row["ratio"] else "" for key in RATIOS]
        cells += [f"{near['ours']['psnr_db']:.1f} : {near['ffmpeg']['psnr_db']:.1f}"]
        cells += [f"{row['spent']['ours']['memory_mb']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


BAR, GAP, LEFT, WIDTH = 12, 16, 96, 900


def _plot(table: dict[str, Any]) -> str:
    """Return bars: CPU seconds of everybody, in shares of what ffmpeg took."""
    drawn, y = [], 56
    shares = {
        name: {who: spent / seconds(row)["ffmpeg"] for who, spent in seconds(row).items()}
        for name, row in table["cases"].items()
    }
    scale = (WIDTH - LEFT - 70) / max(max(one.values()) for one in shares.values())
    for name, one in shares.items():
        middle = y + len(one) * BAR / 2 + 4
        drawn.append(f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end">{name}</text>')
        for who, share in one.items():
            width = max(1.0, share * scale)
            drawn.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 2}"'
                f' fill="{WHO[who]}"/><text x="{LEFT + width + 4:.1f}" y="{y + 9}"'
                f' font-size="10">{share:.2f}</text>'
            )
            y += BAR
        y += GAP
    at_one = LEFT + scale
    drawn.append(f'<path d="M{at_one:.1f} 48V{y - GAP}" stroke="#3b6fb6" stroke-dasharray="3 3"/>')
    title = f"CPU seconds, ffmpeg = 1 ({table['kind']} form, commit {table['commit']})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}"'
        ' font-family="sans-serif" font-size="12" fill="#202124">'
        f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>'
        f'<text x="12" y="20" font-size="14" font-weight="700">{escape(title)}</text>'
        f"{_legend()}{''.join(drawn)}</svg>\n"
    )


def _legend() -> str:
    told = []
    for number, (who, color) in enumerate(WHO.items()):
        x = 12 + number * 146
        told.append(f'<rect x="{x}" y="30" width="10" height="10" fill="{color}"/>')
        told.append(f'<text x="{x + 14}" y="39" font-size="11">{SAYS[who]}</text>')
    return "".join(told)
