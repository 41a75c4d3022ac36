"""What the worker calls on a timetable: a function that takes what is waiting, harmless when run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does one round inside an app context and answers how much it did; 0 means nothing is waiting.

    Called at least every `every_s` seconds, again at once while it answers more than 0 and `drains`, and
    as soon as the database tells of `wakes_on`; `settle_s` is how long it lets what comes together gather
    before it begins. It wraps its own transactions. With `anyone` every worker process runs it, also one that
    does not lead: it takes what waits with SKIP LOCKED, so that two share the work.
    """

    name: str
    run: Callable[[], int]
    every_s: float
    wakes_on: Literal["waiting", "outbox"] | None = None
    drains: bool = False
    settle_s: float = 0.0
    anyone: bool = False
