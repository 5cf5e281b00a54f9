"""Chunks in a line: each process takes neighbours, and one without work halves the longest rest."""

from threading import Lock


class Line:
    """Places 0 to `count`, each taken once."""

    def __init__(self, count: int) -> None:
        self._is_free = [True] * count
        self._lock = Lock()

    def take(self, after: int | None = None) -> int | None:
        """Take the place behind one's last; else one of the longest free stretch.

            first taker    |0 →                    |
            second taker   |0 → . . . |half →      |
            whose half ends                |→ . .|half of what is left of the other

        Return None when all are taken.
        """
        with self._lock:
            place = self._next(after)
            if place is not None:
                self._is_free[place] = False
            return place

    def _next(self, after: int | None) -> int | None:
        if after is not None and after + 1 < len(self._is_free) and self._is_free[after + 1]:
            return after + 1
        start, count = self._longest()
        if count == 0:
            return None
        is_approached = start > 0  # by the one who took the place before it
        return start + count // 2 if is_approached else start

    def _longest(self) -> tuple[int, int]:
        """Return where the longest free stretch starts, and how long it is."""
        best, start = (0, 0), 0
        for place, is_free in enumerate([*self._is_free, False]):
            if not is_free:
                best = max(best, (start, place - start), key=lambda found: found[1])
                start = place + 1
        return best
