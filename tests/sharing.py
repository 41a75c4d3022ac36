"""Deals tests out to processes by file, the long ones early, and what shares one running system to one process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# A second whole system beside the first would slow both on a small machine, so these folders stay together.
WHOLE = ("tests/browser/", "tests/chaos/")

# What takes minutes, longest first: begun last, one process would still work when all others have ended.
LONGEST = (
    "tests/browser/",
    "tests/journeys/test_fourteen_days_carer_first.py",
    "tests/journeys/test_fourteen_days.py",
    "tests/chaos/",
    "tests/flows/test_triage.py",
    "tests/flows/test_outages.py",
    "tests/contracts/test_access_matrix.py",
    "tests/supervise/test_up_and_down.py",
    "tests/worker/test_canaries.py",
    "tests/plans/test_merge.py",
    "tests/journeys/test_faults.py",
    "tests/firmware_stubs/test_fleet.py",
    "tests/flows/test_joining.py",
    "tests/supervise/test_backup.py",
    "tests/desk/test_every_end.py",
)
# Each file of these starts a whole system; dealt out by number of tests, a journey of one test would come last.
SYSTEMS = ("tests/journeys/", "tests/flows/", "tests/sweeps/", "tests/demo/")
# After each of them so many files that start none: seldom more than two whole systems run beside each other.
BETWEEN = 2


def shared_by(nodeid: str) -> str:
    """Return what a test shares its process with: its folder if that is in WHOLE, else its file."""
    return next((folder for folder in WHOLE if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


def in_order(scopes: Iterable[str]) -> list[str]:
    """The long ones, longest first, each with BETWEEN of the others after it; these stay in the order they have."""
    waiting = list(scopes)
    long = [one for one in LONGEST if one in waiting]
    long += [one for one in waiting if one not in LONGEST and one.startswith(SYSTEMS)]
    others = [one for one in waiting if one not in long]
    dealt: list[str] = []
    for number, one in enumerate(long):
        dealt += [one, *others[number * BETWEEN : (number + 1) * BETWEEN]]
    return dealt + others[len(long) * BETWEEN :]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Replace `--dist loadfile` by ours, since pytest 9.2 and xdist 3.8 do not agree on `xdist_group`."""
    if config.getvalue("dist") != "loadfile":
        return None
    dealt = LoadScopeScheduling(config, log)
    dealt._split_scope = shared_by
    assign = dealt._assign_work_unit

    def sort_and_assign(node: Any) -> None:
        """All of the queue is there when the first of it is dealt, and it is sorted once."""
        dealt._assign_work_unit = assign
        dealt.workqueue = OrderedDict((one, dealt.workqueue[one]) for one in in_order(dealt.workqueue))
        assign(node)

    dealt._assign_work_unit = sort_and_assign
    return dealt
