"""Reads the fields of a pack and remembers every problem, so that its author mends all of them at once."""

from collections.abc import Collection, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any


class Fields:
    """A mapping being read; `where` says which part of the pack it is."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self.data = data
        self.where = where
        self.problems = problems

    def refuse(self, words: str) -> None:
        """Remember a problem."""
        self.problems.append(f"{self.where}{words}")

    def known(self, *names: str) -> None:
        """Refuse every name but these."""
        for name in sorted(set(self.data) - set(names)):
            self.refuse(f"{name!r} is not something a pack can say")

    def text(self, name: str, *, empty: bool = False) -> str:
        """Words; not none unless `empty`."""
        value = self.data.get(name)
        if not isinstance(value, str) or not (value or empty):
            self.refuse(f"{name!r} must be words")
            return ""
        return value

    def texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of words."""
        value = self.data.get(name, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(v, str) for v in value)
            or (needed and not value)
        ):
            self.refuse(f"{name!r} must be a list of words")
            return ()
        return tuple(value)

    def words(self, name: str, allowed: Collection[str], *, needed: bool = False) -> tuple[str, ...]:
        """A list of some of the words allowed."""
        found = self.texts(name, needed=needed)
        for one in found:
            if one not in allowed:
                self.refuse(f"{name!r}: {one!r} is none of {', '.join(sorted(allowed))}")
        return found

    def word(self, name: str, allowed: Collection[str]) -> str:
        """One of the words allowed."""
        value = self.data.get(name)
        if not isinstance(value, str) or value not in allowed:
            self.refuse(f"{name!r} must be one of {', '.join(sorted(allowed))}")
            return ""
        return value

    def decimal(self, name: str) -> Decimal | None:
        """A number in quotes, or nothing."""
        value = self.data.get(name)
        if value is None:
            return None
        try:
            # A YAML number is a float already and has lost what was written.
            if not isinstance(value, str):
                raise InvalidOperation
            return Decimal(value)
        except InvalidOperation:
            self.refuse(f'{name!r} must be a number in quotes, as "135"')
            return None

    def whole(self, name: str) -> int | None:
        """A whole number, or nothing."""
        value = self.data.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        self.refuse(f"{name!r} must be a whole number, 0 or more")
        return None

    def clock(self, written: object) -> time:
        """A time of day."""
        try:
            return time.fromisoformat(str(written))
        except ValueError:
            self.refuse(f'{written!r} is not a time of day as "08:00"')
            return time(0)

    def each(self, name: str, *, needed: bool = False) -> "list[Fields]":
        """A list of parts."""
        value = self.data.get(name, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(v, dict) for v in value)
            or (needed and not value)
        ):
            self.refuse(f"{name!r} must be a list of entries")
            return []
        return [Fields(v, f"{self.where}{name}[{n}]: ", self.problems) for n, v in enumerate(value)]

    def part(self, name: str) -> "Fields":
        """A part that has to be there."""
        value = self.data.get(name)
        if not isinstance(value, dict):
            self.refuse(f"{name!r} is missing")
            value = {}
        return Fields(value, f"{self.where}{name}: ", self.problems)
