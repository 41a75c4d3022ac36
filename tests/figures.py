"""What the sweeps counted, added up over all processes and printed at the end of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sized
from typing import Any

import pytest

Counted = Callable[..., None]


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Counted:
    """`counted("axe violations", found, looks=2)`: what was found, and at how many looks."""

    def count(what: str, found: Sized, looks: int = 1) -> None:
        record_property("counted", [what, len(found), looks])

    return count


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each thing counted: found, looks, tests."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name != "counted" or report.when != "call":
                    continue
                what, found, looks = value
                sums[what] = [a + b for a, b in zip(sums[what], (found, looks, 1), strict=True)]
    if sums:
        terminalreporter.section("counted")
    for what, (found, looks, tests) in sums.items():
        terminalreporter.write_line(f"{what}: {found} in {looks} looks by {tests} tests")
