"""A bar for whoever waits at a terminal; nothing is shown of what is over in two seconds, or into a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

SHOWN_AFTER_S = 2.0

Watched = Callable[[Callable[[], bool]], Callable[[], bool]]


@contextmanager
def bar(words: str, total: float, value: Callable[[], float], unit: str) -> Iterator[Watched]:
    """Gives a wrapper for the condition a loop waits on: each look at it moves the bar to `value()`."""
    shown = tqdm(
        desc=words, total=total, unit=unit, delay=SHOWN_AFTER_S, disable=None, leave=False, mininterval=0.25,
        bar_format="{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} {unit} [{elapsed}]",
    )  # fmt: skip

    def watched(done: Callable[[], bool]) -> Callable[[], bool]:
        def look() -> bool:
            shown.update(min(value(), total) - shown.n)
            return done()

        return look

    try:
        yield watched
    finally:
        shown.close()
