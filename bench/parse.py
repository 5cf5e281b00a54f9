"""What reading an edit costs: CPU milliseconds, the best of many, beside the JSON parser's own.

.venv/bin/python bench/parse.py [--clips 100]
"""

import argparse
import json
import time
from collections.abc import Callable

from keep import keep

from vidgenie.core.edit.parse import parse

ROUNDS = 20


def document(clips: int) -> dict[str, object]:
    """Return an edit of so many text clips with tweens."""
    tween = [{"from": 0, "to": 1, "start": 0, "length": 1}]
    asset = {"type": "text", "text": "A title", "font": {"size": 36, "color": "#ff8800"}}
    entries = [{"asset": asset, "start": n, "length": 1, "scale": tween} for n in range(clips)]
    return {
        "timeline": {"tracks": [{"clips": entries}]},
        "output": {"format": "mp4", "resolution": "hd"},
    }


def best_ms(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of the quickest of many rounds."""
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return round(min(spent) * 1000, 3)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=100)
    chosen = parser.parse_args()
    made = document(chosen.clips)
    text = json.dumps(made)
    row = {"json_ms": best_ms(lambda: json.loads(text)), "parse_ms": best_ms(lambda: parse(made))}
    print(f"{chosen.clips} clips: json {row['json_ms']} ms, parse {row['parse_ms']} ms")
    keep("parse", {"clips": chosen.clips, **row})


if __name__ == "__main__":
    main()
