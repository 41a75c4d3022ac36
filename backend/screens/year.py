"""A year of readings in columns, because a phone keeps it and its first copy comes over a weak signal."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from backend.access import service as access
from backend.access.record import Record
from backend.alerts import service as alerts
from backend.check_ins.likely import BACK, usual_of
from backend.core.routes import Instant
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.columns import Column
from backend.observations.reading import Limit, Source, Special
from backend.pathways import service as pathways
from backend.screens.schemas import RangeSchema
from backend.screens.tiles import KINDS, STALE_AFTER, plain, range_of

DAYS = timedelta(days=365)
# A device's clock may be a little ahead of ours; its reading is shown all the same.
CLOCKS_DIFFER_BY = timedelta(minutes=5)
LETTERS = {Source.DEVICE: "d", Source.PERSON: "p", Source.FORM: "c", Source.TEAM: "t"}
Cell = int | float | str | None
MINUTE = 60_000_000  # microseconds


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}} | more


class Plain(fields.List[Any]):
    """A long list of plain values that go out as they are; each looked at by itself takes longer than reading them."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - marshmallow's
        return value


class YearUsualSchema(Schema):
    """Between which values a reading is likely for this person."""

    low = fields.String(**_said("Below this it is asked for once more."))
    high = fields.String(**_said("Above this it is asked for once more."))


class YearKindSchema(Schema):
    """One kind of value over a year, in columns, oldest first."""

    unit = fields.String(**_said("UCUM."))
    codes = fields.List(fields.String(), **_said("In the order they are shown; the first has the range."))
    t0 = Instant(**_said("When the first was measured; null when there is none.", allow_none=True))
    dt = Plain(fields.Integer(), **_said("Minutes since the one before; the first is 0."))
    v = fields.Dict(
        keys=fields.String(),
        values=Plain(fields.Raw(allow_none=True)),
        **_said("By code: a number, LO or HI, or null where that value is missing."),
    )
    src = fields.String(**_said("A letter each: d device, p the person, c a carer, t the team."))
    bad = Plain(fields.Integer(), **_said("Places of those that the device itself doubted."))
    range = fields.Nested(RangeSchema, **_said("Of the first code.", allow_none=True))
    usual = fields.Dict(
        keys=fields.String(), values=fields.Nested(YearUsualSchema), **_said("By code, where it is known.")
    )
    stale_after_s = fields.Integer(**_said("From this age on the newest is stale."))


class YearSchema(Schema):
    """A year of readings, by kind: those that were measured or are expected."""

    as_of = Instant(**_said("The database's time of this answer."))
    asks_oxygen = fields.Boolean(**_said("Has oxygen at home: ask how many litres with each SpO2."))
    kinds = fields.Dict(keys=fields.String(), values=fields.Nested(YearKindSchema), **_said("By kind."))


def year(record: Record) -> dict[str, Any]:
    """Everything measured in 365 days, of each kind that is shown."""
    as_of = access.database_time()
    patient = record.patient
    every = [code for codes in KINDS.values() for code in codes]
    measured = observations.columns(
        patient.id, every, as_of - DAYS, as_of + CLOCKS_DIFFER_BY, lately=as_of - BACK
    )
    limits = alerts.limits_for(patient, as_of.date())
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    expected = {one.kind for on in enrolled for one in on.pack.expected}
    found = {
        kind: columns(kind, measured, limits)
        for kind, codes in KINDS.items()
        if kind in expected or any(code in measured for code in codes)
    }
    return {"as_of": as_of, "asks_oxygen": patient.facts.get("home_oxygen") is True, "kinds": found}


def columns(kind: str, measured: Mapping[Code, Column], limits: Mapping[Code, Limit]) -> dict[str, Any]:
    """The columns of one kind; pure."""
    codes = KINDS[kind]
    mine = {code: measured[code] for code in codes if code in measured}
    points = _side_by_side(mine) or _merged(mine)
    minutes = [at // MINUTE for at in points.at]
    return {
        "unit": codes[0].unit,
        "codes": [code.value for code in codes],
        "t0": datetime.fromtimestamp(minutes[0] * 60, UTC) if minutes else None,
        "dt": [at - before for before, at in zip([*minutes[:1], *minutes[:-1]], minutes, strict=True)],
        "v": {code.value: points.cells.get(code) or [None] * len(minutes) for code in codes},
        "src": "".join([LETTERS[source] for source in points.sources]),
        "bad": points.doubted,
        "range": range_of(limits.get(codes[0])),
        "usual": {
            code.value: {"low": plain(low), "high": plain(high)}
            for code, (low, high) in usual_of({code: one.lately for code, one in mine.items()}).items()
        },
        "stale_after_s": int(STALE_AFTER[kind].total_seconds()),
    }


class _Points(NamedTuple):
    """What was measured together, oldest first; times in microseconds since 1970."""

    at: list[int]
    cells: dict[Code, list[Cell]]
    sources: list[Source]
    doubted: list[int]


def _side_by_side(mine: Mapping[Code, Column]) -> _Points | None:
    """The usual case: every act of measuring gave every code, and no two were at once. None in any other."""
    if not mine:
        return _Points([], {}, [], [])
    ones = list(mine.values())
    last = ones[-1]
    if len(set(last.at)) < len(last.at):
        return None
    if any(one.at != last.at or one.message != last.message for one in ones):
        return None
    doubted = sorted({place for one in ones for place in one.doubted})
    cells = {code: [_cell(value) for value in one.cells] for code, one in mine.items()}
    return _Points(last.at, cells, last.sources, doubted)


def _merged(mine: Mapping[Code, Column]) -> _Points:
    """By time and message; of equal times the lower code first, and of one code twice in one act the later counts."""
    rows = sorted(
        (at, code.number, place, code)
        for code, one in mine.items()
        for place, at in enumerate(one.at)
    )  # fmt: skip
    places: dict[tuple[int, int | None], int] = {}
    found = _Points([], {code: [] for code in mine}, [], [])
    doubted = set()
    for at, _, place, code in rows:
        one = mine[code]
        point = places.setdefault((at, one.message[place]), len(found.at))
        if point == len(found.at):
            found.at.append(at)
            found.sources.append(one.sources[place])
            for cells in found.cells.values():
                cells.append(None)
        found.cells[code][point] = _cell(one.cells[place])
        found.sources[point] = one.sources[place]
        if place in one.doubted:
            doubted.add(point)
    return found._replace(doubted=sorted(doubted))


@lru_cache(maxsize=4096)
def _cell(value: Decimal | str | None) -> Cell:
    """A number in its smallest text; what a device says instead of one stays words."""
    if value is None:
        return None
    if isinstance(value, str):
        return Special(int(value)).name
    number = Decimal(plain(value))
    return int(number) if number == number.to_integral_value() else float(number)
