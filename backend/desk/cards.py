"""Gathers alerts into the cards a desk works on: one head, its findings, one owner, and who comes first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, select, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute

from backend.access.record import OpenPatient
from backend.alerts.levels import Severity
from backend.alerts.models import Alert
from backend.core.db import db

State = Literal["open", "claimed", "closed"]
# Danger that waits for nobody: never grouped under, paged with or hidden by anything milder.
RED = frozenset({Severity.EMERGENCY.value, Severity.URGENT.value})
# Nobody would notice if this person got worse: their own place in the list, because silence is a risk.
NO_COVER_RULES = frozenset({"device_silent", "unprotected"})
_RANKS = {"emergency": 0, "urgent": 1, "soon": 3, "routine": 4, "info": 5}
_NO_COVER_RANK = 2
# The milder ones of a page; the reds are always whole.
PAGE = 200

# Of this desk's people, and every unassigned alarm; no canary. Unassigned is also what is open about somebody on no
# team's list: else no desk would have it. What is about nobody but names a team is that team's own affair.
_LINES = text(
    """select id, card_id, level, rule, opened_at, coalesce(contact_by, opened_at) as by,
        claimed_at is not null as claimed, coalesce(snoozed_until > db_now(), false) as aside, owner_id,
        recheck_by is not null as recheck,
        patient_id is null or patient_id = any(:patients) as ours
    from alert a
    where closed_at is null and not is_canary
        and (patient_id = any(:patients)
            or (patient_id is null and (care_team_id is null or care_team_id = any(:teams)))
            or (patient_id is not null and not exists (
            select from caseload c where c.patient_id = a.patient_id and c.valid @> db_now())))"""
)
_READ = text("select * from alert where card_id = any(:ids)")
_OWED = text(
    """select card_id from alert where recheck_by is not null and closed_at is not null and not is_canary
        and patient_id = any(:patients) order by recheck_by limit :most"""
)


def state_of(alert: Alert) -> State:
    """Where one finding stands."""
    if alert.closed_at is not None:
        return "closed"
    return "claimed" if alert.claimed_at is not None else "open"


@dataclass(frozen=True, slots=True)
class Card:
    """Findings of one person that are worked on together; `findings` has the open ones, worst first, then the rest."""

    head: Alert
    findings: tuple[Alert, ...]

    @property
    def open(self) -> tuple[Alert, ...]:
        """Those that are not closed, the worst first."""
        return tuple(one for one in self.findings if one.closed_at is None)

    @property
    def lead(self) -> Alert:
        """The one the row speaks of: the worst open one; of equals the oldest, which is the head."""
        return self.open[0] if self.open else self.head

    @property
    def owner_id(self) -> int | None:
        """Who has the card, though a finding may have come since that nobody has acknowledged."""
        return next((one.owner_id for one in self.open or self.findings if one.owner_id is not None), None)

    @property
    def new(self) -> tuple[Alert, ...]:
        """Open findings that nobody has claimed."""
        return tuple(one for one in self.open if one.claimed_at is None)

    @property
    def state(self) -> State:
        """Open as long as one finding is unclaimed: what came to a card you have is not acknowledged by that."""
        if not self.open:
            return "closed"
        return "open" if self.new else "claimed"

    @property
    def is_red(self) -> bool:
        """Whether the worst open finding (of a closed card, any) is urgent or an emergency."""
        return any(one.level in RED for one in self.open or self.findings)


def card(alerts: Sequence[Alert]) -> Card:
    """The card of these findings, which all name the same card."""
    ordered = sorted(alerts, key=_within) if len(alerts) > 1 else alerts
    head = next((one for one in alerts if one.id == one.card_id), min(alerts, key=lambda one: one.id))
    return Card(head, tuple(ordered))


def _within(alert: Alert) -> tuple[bool, int, int]:
    return alert.closed_at is not None, _RANKS[alert.level], alert.id


def among(column: InstrumentedAttribute[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """That a column holds one of these: one array, so that the statement is the same however many there are."""
    return column == any_(sql_cast(list(ids), ARRAY(Integer)))


def cards_of(card_ids: Collection[int]) -> dict[int, Card]:
    """Whole cards by the inside key of their head, in one query."""
    return _together(db.session.scalars(select(Alert).where(among(Alert.card_id, card_ids))))


def cards_to_read(card_ids: Collection[int]) -> dict[int, Card]:
    """The same for a list that is only read: plain rows with an alert's names, a third of the work."""
    if not card_ids:
        return {}
    return _together(cast(Iterable[Alert], db.session.execute(_READ, {"ids": list(card_ids)})))


def _together(alerts: Iterable[Alert]) -> dict[int, Card]:
    found: dict[int, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(alert.card_id, []).append(alert)
    return {id_: card(mine) for id_, mine in found.items()}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a card's place: `place` sorts, the rest is counted. Read without the card's words."""

    id: int
    place: tuple[int, bool, datetime, int]
    is_red: bool
    is_unclaimed: bool
    is_no_cover: bool
    has_recheck: bool
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One open alert as the order needs it: without its words, because in a storm there are thousands."""

    id: int
    card_id: int
    level: str
    rule: str
    opened_at: datetime
    by: datetime
    claimed: bool
    aside: bool
    owner_id: int | None
    recheck: bool
    # Not of somebody on no team's list, of whom other desks read no finding's words.
    ours: bool = True


def open_lines(patients: Mapping[int, OpenPatient], teams: Collection[int] = ()) -> list[Line]:
    """Every open alert of a desk, in one query; `teams` are those whose own affairs it sees, such as their rota."""
    return [
        Line(*row) for row in db.session.execute(_LINES, {"patients": list(patients), "teams": list(teams)})
    ]


def standing(lines: Sequence[Line]) -> list[Standing]:
    """Every open card of a desk in its order."""
    together: dict[int, list[Line]] = {}
    for line in lines:
        together.setdefault(line.card_id, []).append(line)
    return sorted((place(id_, mine) for id_, mine in together.items()), key=lambda one: one.place)


def place(card_id: int, lines: Sequence[Line]) -> Standing:
    """Where a card stands: emergency, then urgent, each by deadline; then no cover, soon, routine and info.

    What somebody snoozed keeps its rank and stands last within it.
    """
    rank = min(_RANKS[one.level] for one in lines)
    no_cover = any(one.rule in NO_COVER_RULES for one in lines)
    worst = [one for one in lines if _RANKS[one.level] == rank]
    if no_cover and rank > _NO_COVER_RANK:
        rank = _NO_COVER_RANK
    return Standing(
        card_id,
        (rank, all(one.aside for one in lines), min(one.by for one in worst), min(one.id for one in worst)),
        rank < _NO_COVER_RANK,
        any(not one.claimed for one in lines),
        no_cover,
        any(one.recheck for one in lines),
        next(
            (one.owner_id for one in sorted(lines, key=lambda one: one.id) if one.owner_id is not None), None
        ),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """The cards to show now: every red one, and of the others PAGE from `start` on."""

    ids: tuple[int, ...]
    others: int
    start: int
    following: int | None


def page(found: Sequence[Standing], start: int) -> Page:
    """Reds whole, the others by pages; red is never grouped under, or pushed off a page by, anything milder."""
    reds = [one.id for one in found if one.is_red]
    others = [one.id for one in found if not one.is_red]
    following = start + PAGE if start + PAGE < len(others) else None
    return Page((*reds, *others[start : start + PAGE]), len(others), start, following)


def counts(found: Sequence[Standing], practitioner_id: int) -> dict[str, int]:
    """The tabs' numbers, over all and not only over the page."""
    reds = sum(one.is_red for one in found)
    return {
        "unclaimed": sum(one.is_unclaimed for one in found),
        "mine": sum(one.owner_id == practitioner_id for one in found),
        "no_cover": sum(one.is_no_cover for one in found),
        "all": len(found),
        "red": reds,
        "amber": len(found) - reds,
        "rechecks": sum(one.has_recheck for one in found),
    }


def owed(patients: Mapping[int, OpenPatient]) -> list[Card]:
    """Closed cards whose recheck nobody has done yet, soonest first."""
    ids = list(dict.fromkeys(db.session.scalars(_OWED, {"patients": list(patients), "most": PAGE})))
    found = cards_to_read(ids)
    return [found[id_] for id_ in ids if not found[id_].open]


def cards_about(patient_id: int, closed: int) -> list[int]:
    """Inside keys of a person's cards: open ones in order, then the last `closed` ended ones."""
    mine = select(Alert.card_id).where(Alert.patient_id == patient_id)
    open_ids = set(db.session.scalars(mine.where(Alert.closed_at.is_(None))))
    last = db.session.scalars(
        mine.where(Alert.closed_at.is_not(None)).order_by(Alert.closed_at.desc()).limit(closed)
    )
    return [*open_ids, *(id_ for id_ in dict.fromkeys(last) if id_ not in open_ids)]
