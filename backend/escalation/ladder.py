"""Who is told next and when, pure: every ladder ends on a rung that always exists, and a test draws them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, cast, get_args

from backend.alerts.levels import PERSON_ALARM_RULES, Severity

Place = Literal["assigned", "team", "on-call", "duty-manager", "alarm-centre"]
# From the nearest to the last, which is the duty line: it stands in the settings and not in a rota.
PLACES: tuple[Place, ...] = get_args(Place)
LAST: Place = "alarm-centre"
RED = frozenset({Severity.EMERGENCY, Severity.URGENT})
# Alongside defaults, not national guidance: how often the last rung is told again while nobody has spoken to the
# person; for what is milder once a day, because a duty line rung for a battery stops listening.
REPEAT_RED, REPEAT_MILD = timedelta(minutes=10), timedelta(days=1)
SHORTEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """A place on the ladder and how long after the alert opened it is told."""

    place: Place
    after: timedelta


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in order, the first told as the alert opens; `source` says whose times they are."""

    rungs: tuple[Rung, ...]
    source: str
    repeat: timedelta

    @property
    def top(self) -> int:
        """The index of the last rung."""
        return len(self.rungs) - 1

    def wait_after(self, index: int) -> timedelta:
        """From the step on this rung to the next; on the last rung, until it is told again."""
        if index >= self.top:
            return self.repeat
        return max(self.rungs[index + 1].after - self.rungs[index].after, SHORTEST_WAIT)


def _minutes(*steps: tuple[int, Place]) -> tuple[Rung, ...]:
    return tuple(Rung(place, timedelta(minutes=minutes)) for minutes, place in steps)


DEFAULT_SOURCE = "Alongside default, not national guidance"
# For whoever is on no pathway, for kit nobody wears, and as the slowest an emergency may climb.
DEFAULTS: Mapping[Severity, tuple[Rung, ...]] = {
    Severity.EMERGENCY: _minutes((0, "team"), (2, "on-call"), (5, "duty-manager"), (10, LAST)),
    Severity.URGENT: _minutes((0, "team"), (15, "on-call"), (60, "duty-manager"), (90, LAST)),
    Severity.SOON: _minutes((0, "team"), (240, "duty-manager"), (1440, LAST)),
    Severity.ROUTINE: _minutes((0, "team"), (1440, "duty-manager"), (4320, LAST)),
}
# care.md 2: 60 seconds for a pendant or a fall that nobody has acknowledged, whatever a pathway says.
PERSON_ALARM = _minutes((0, "team"), (1, "on-call"), (2, "duty-manager"), (3, LAST))

PackRungs = Sequence[tuple[int, str]]


def ladder_for(rule: str, level: Severity, packs: Sequence[tuple[str, PackRungs]] = ()) -> Ladder | None:
    """The ladder of an alert; None for info, which nobody is called for.

    `packs` are the person's live pathways: (name and version, rungs as (minutes from opening, place)). The earliest
    time wins where several name a place. No pathway makes an emergency climb slower than the default, none touches
    a pendant or a fall, and the duty line is added where a pathway leaves it out.
    """
    if level is Severity.INFO:
        return None
    repeat = REPEAT_RED if level in RED else REPEAT_MILD
    default = PERSON_ALARM if rule in PERSON_ALARM_RULES else DEFAULTS[level]
    if rule in PERSON_ALARM_RULES or not any(rungs for _, rungs in packs):
        return Ladder(default, DEFAULT_SOURCE, repeat)
    # As an alert opens its team is told, whatever a pathway says of the rungs above.
    earliest: dict[Place, timedelta] = {"team": timedelta(0)}
    for _, rungs in packs:
        for minutes, place in rungs:
            _earlier(earliest, cast(Place, place), timedelta(minutes=minutes))
    if level is Severity.EMERGENCY:
        for rung in default:
            _earlier(earliest, rung.place, rung.after)
    if LAST not in earliest:
        after_all = max(earliest.values()) + SHORTEST_WAIT
        earliest[LAST] = max(next(r.after for r in default if r.place == LAST), after_all)
    return Ladder(_in_order(earliest), ", ".join(name for name, rungs in packs if rungs), repeat)


def _earlier(earliest: dict[Place, timedelta], place: Place, after: timedelta) -> None:
    earliest[place] = min(after, earliest.get(place, after))


def _in_order(earliest: Mapping[Place, timedelta]) -> tuple[Rung, ...]:
    """The team first and the duty line last, because it is the rung that always exists; between them by time."""
    between = sorted(
        (Rung(place, after) for place, after in earliest.items() if place not in ("team", LAST)),
        key=lambda rung: (rung.after, PLACES.index(rung.place)),
    )
    latest = between[-1].after if between else timedelta(0)
    return (Rung("team", timedelta(0)), *between, Rung(LAST, max(earliest[LAST], latest)))


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody on a rung and the channels that lead to them now.

    No practitioner is a desk or the duty line; `organization_id` is an alarm centre.
    """

    practitioner_id: int | None
    ways: tuple[str, ...]
    organization_id: int | None = None


Roster = Mapping[Place, Sequence[Reach]]


@dataclass(frozen=True, slots=True)
class Try:
    """One try on one rung: to be queued where there is a way, or on record as nobody or not configured."""

    rung: int
    place: Place
    practitioner_id: int | None
    channel: str
    outcome: Literal["queued", "nobody", "not-configured"]
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class Climb:
    """Where an alert stands after a step, what was tried, and how long until the next."""

    rung: int
    tries: tuple[Try, ...]
    wait: timedelta
    at_top: bool


def climb(ladder: Ladder, rung: int, roster: Roster, *, every_way: bool, owner: Reach | None = None) -> Climb:
    """One step up from `rung`: to the next that holds somebody who can be reached, or to the last again.

    A rung with nobody on it is on record and passed at once. `every_way` tells each person by all their channels;
    otherwise by the best, which goes to the next by itself. `owner` is who claimed it and is told as well.
    """
    tries: list[Try] = []
    if owner is not None and owner.ways:
        tries += _tries(rung, "assigned", owner, every_way=every_way)
    at = min(rung + 1, ladder.top)
    while True:
        place = ladder.rungs[at].place
        if place == "assigned" and owner is not None and owner.ways:
            return Climb(at, tuple(tries), ladder.wait_after(at), False)
        people = roster.get(place, ())
        reached = [person for person in people if person.ways]
        if not people:
            tries.append(Try(at, place, None, "none", "nobody"))
        for person in people:
            tries += _tries(at, place, person, every_way=every_way)
        if reached or at == ladder.top:
            return Climb(at, tuple(tries), ladder.wait_after(at), at == ladder.top)
        at += 1


def _tries(rung: int, place: Place, who: Reach, *, every_way: bool) -> list[Try]:
    if not who.ways:
        return [Try(rung, place, who.practitioner_id, "none", "not-configured", who.organization_id)]
    ways = who.ways if every_way else ("best",)
    return [Try(rung, place, who.practitioner_id, way, "queued", who.organization_id) for way in ways]
