"""Asks each thing once while one answer is put together, because one page is made of many parts that ask the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """What `asked_once` found out stays known inside, and nowhere after: no other request, no other person.

    Only for what changes nothing: a write that reads what it has changed would be told what stood before.
    """
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def asked_once(function: Callable[P, R]) -> Callable[P, R]:
    """Within `one_reading`, answer the same question (its arguments, which have to be hashable) as the first time.

    Who asks must leave the answer as it is. Everywhere else the function is called each time.
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        question = (function, args, tuple(sorted(kwargs.items())))
        if question not in known:
            known[question] = function(*args, **kwargs)
        answer: R = known[question]
        return answer

    return asked
