"""Tells a value the database refuses from a database that is away, and writes a batch around such a value."""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import psycopg
import sqlalchemy.exc

from backend.core.db import db, driver_connection, transaction
from backend.observations.reading import Refused

log = logging.getLogger("device_gateway.sparing")

Given = TypeVar("Given")
Answer = TypeVar("Answer")

# Everything the driver raises. `is_refusal` says whose fault it is; what is not the message's is tried again.
DATABASE_ERRORS = (psycopg.Error, sqlalchemy.exc.DBAPIError, sqlalchemy.exc.PendingRollbackError)
# SQLSTATE classes that pass, or that we mend: connection, transaction state (read only), sign-in, no such
# database, rollback (deadlock), our own SQL and grants, resources, locks, operator, system, configuration, internal.
NOT_THE_MESSAGE = frozenset({"08", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "F0", "XX"})
# PostgreSQL says "no partition found for row" as a check violation without the name of a constraint.
CHECK_VIOLATION = "23514"
# A lock was not to be had within lock_timeout.
LOCKED = "55P03"


class Write(Protocol):
    """How a part of a batch is written: straight, or sparing what is beside a value the database refuses."""

    def __call__(
        self, given: Sequence[Given], write: Callable[[Sequence[Given]], Sequence[Answer]], /
    ) -> Sequence[Answer | Refused]: ...


def is_refusal(error: BaseException) -> bool:
    """Whether the database refuses what is in the message, so that trying again would be for ever."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    if not state:
        # A value that the driver itself cannot write, such as a NUL in a text.
        return isinstance(cause, psycopg.DataError)
    return not lacks_partition(error) and state[:2] not in NOT_THE_MESSAGE


def is_busy(error: BaseException) -> bool:
    """Whether somebody held a row or a person's cards for longer than was to be waited."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) == LOCKED


def lacks_partition(error: BaseException) -> bool:
    """Whether the only trouble is that nobody has opened the month yet."""
    cause = getattr(error, "orig", None) or error
    return (
        isinstance(cause, psycopg.Error)
        and cause.sqlstate == CHECK_VIOLATION
        and cause.diag.constraint_name is None
    )


def open_months() -> None:
    """Make the months that lack, in a transaction of their own; the worker has not done it in time."""
    log.warning("no partition for a message; making the months")
    with transaction():
        driver_connection().execute("select ensure_partitions()")


def quietly(write: Callable[[Sequence[Given]], None]) -> Callable[[Sequence[Given]], Sequence[None]]:
    """A writer that answers nothing, in the shape that `Write` takes."""

    def wrote(some: Sequence[Given]) -> list[None]:
        write(some)
        return [None] * len(some)

    return wrote


def plainly(
    given: Sequence[Given], write: Callable[[Sequence[Given]], Sequence[Answer]]
) -> Sequence[Answer | Refused]:
    """Write all at once."""
    return [*write(given)] if given else []


def sparing(
    given: Sequence[Given], write: Callable[[Sequence[Given]], Sequence[Answer]]
) -> Sequence[Answer | Refused]:
    """Write all in one savepoint; when the database refuses a value, halve until the one it refuses is alone."""
    if not given:
        return []
    try:
        with db.session.begin_nested():
            return list(write(given))
    except DATABASE_ERRORS as error:
        if not is_refusal(error):
            raise
        if len(given) == 1:
            return [Refused("unstorable", _what(error))]
    half = len(given) // 2
    return [*sparing(given[:half], write), *sparing(given[half:], write)]


def _what(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    return f"SQLSTATE {state}" if state else str(cause)[:200]
