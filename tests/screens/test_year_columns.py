"""The columns of a year are exactly what reading it value by value gives: the plain way is kept here as the model."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backend.check_ins.likely import BACK, usual_of
from backend.core.db import db, transaction
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.columns import Column
from backend.observations.models import Observation
from backend.observations.reading import Limit, Quality, Reading, Source, Special, StoredReading
from backend.screens.tiles import KINDS, STALE_AFTER, plain, range_of
from backend.screens.year import CLOCKS_DIFFER_BY, DAYS, LETTERS, columns
from tests.factories import Factory

NOW = datetime(2026, 3, 29, 12, 0, 30, 250_001, tzinfo=UTC)
LIMITS = {Code.SYSTOLIC: Limit(None, Decimal(135), "a pathway")}
EVERY = [code for codes in KINDS.values() for code in codes]


def plain_columns(kind: str, stored: Sequence[StoredReading], as_of: datetime) -> dict[str, Any]:
    """One kind from readings, oldest first: those of one time and one message are one place."""
    codes = KINDS[kind]
    points: dict[tuple[datetime, int | None], dict[str, Any]] = {}
    values: dict[Code, list[Decimal]] = {}
    for one in stored:
        reading = one.reading
        key = (reading.effective_at, one.device_message_id)
        point = points.setdefault(key, {"at": reading.effective_at, "cells": {}, "ok": True})
        point["cells"][reading.code] = plain_cell(reading.value)
        point["source"] = reading.source
        point["ok"] = point["ok"] and reading.quality is Quality.OK
        is_lately = reading.effective_at > as_of - BACK
        if is_lately and isinstance(reading.value, Decimal) and reading.quality is Quality.OK:
            values.setdefault(reading.code, []).append(reading.value)
    found = list(points.values())
    minutes = [int(point["at"].timestamp() // 60) for point in found]
    return {
        "unit": codes[0].unit,
        "codes": [code.value for code in codes],
        "t0": found[0]["at"].replace(second=0, microsecond=0) if found else None,
        "dt": [at - before for before, at in zip([*minutes[:1], *minutes[:-1]], minutes, strict=True)],
        "v": {code.value: [point["cells"].get(code) for point in found] for code in codes},
        "src": "".join(LETTERS[point["source"]] for point in found),
        "bad": [place for place, point in enumerate(found) if not point["ok"]],
        "range": range_of(LIMITS.get(codes[0])),
        "usual": {
            code.value: {"low": plain(low), "high": plain(high)}
            for code, (low, high) in usual_of(values).items()
        },
        "stale_after_s": int(STALE_AFTER[kind].total_seconds()),
    }


def plain_cell(value: Decimal | Special | str) -> int | float | str:
    if isinstance(value, Special):
        return value.name
    number = Decimal(plain(Decimal(value)))
    return int(number) if number == number.to_integral_value() else float(number)


def as_columns(stored: Sequence[StoredReading]) -> Mapping[Code, Column]:
    """What the database is to give for these readings."""
    found: dict[Code, Column] = {}
    for code in dict.fromkeys(one.reading.code for one in stored):
        mine = [one for one in stored if one.reading.code is code]
        readings = [one.reading for one in mine]
        found[code] = Column(
            [
                (one.effective_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
                for one in readings
            ],
            [one.device_message_id for one in mine],
            [
                str(one.value.value) if isinstance(one.value, Special) else Decimal(one.value)
                for one in readings
            ],
            [one.source for one in readings],
            [place for place, one in enumerate(readings) if one.quality is not Quality.OK],
            [
                one.value
                for one in readings
                if one.effective_at > NOW - BACK
                and one.quality is Quality.OK
                and isinstance(one.value, Decimal)
            ],
        )
    return found


VALUES = st.one_of(
    st.sampled_from(Special),
    st.decimals("20", "300", places=2),
    st.decimals("20", "300", places=6),
    st.integers(40, 300).map(Decimal),
    st.sampled_from(
        [Decimal("1.4E+2"), Decimal("71.40"), Decimal("5.125"), Decimal("5.135"), Decimal("0.005")]
    ),
)
READINGS = st.builds(
    lambda code, seconds, value, quality, source, message, late: StoredReading(
        Reading(code, value, code.unit, NOW - timedelta(seconds=seconds), source, quality),
        NOW + timedelta(seconds=late), message, None,
    ),
    st.sampled_from([Code.SYSTOLIC, Code.DIASTOLIC]),
    st.one_of(st.integers(0, 3), st.floats(0, 300 * 86400, allow_nan=False)),
    VALUES,
    st.sampled_from([Quality.OK, Quality.OK, Quality.SUSPECT, Quality.MOTION]),
    st.sampled_from(Source),
    st.one_of(st.none(), st.integers(1, 3)),
    st.integers(0, 5),
)  # fmt: skip


@given(st.lists(READINGS, max_size=40))
def test_columns_are_what_reading_value_by_value_gives(stored: list[StoredReading]) -> None:
    stored.sort(key=lambda one: (one.reading.effective_at, one.reading.code.number, one.received_at))
    assert columns("blood-pressure", as_columns(stored), LIMITS) == plain_columns(
        "blood-pressure", stored, NOW
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_database_gives_the_same_columns_as_it_gives_readings(
    app: Flask, make: Factory, seed: int
) -> None:
    patient, as_of, chance = make.patient(), datetime.now(UTC), random.Random(seed)
    with app.app_context(), transaction():
        for row in _rows(patient.id, as_of, chance):
            db.session.add(Observation(**row))
    with app.app_context():
        since, until = as_of - DAYS, as_of + CLOCKS_DIFFER_BY
        found = observations.columns(patient.id, EVERY, since, until, lately=as_of - BACK)
        stored = observations.series(patient.id, EVERY, since, until)
    assert len(stored) > 300
    for kind, codes in KINDS.items():
        mine = [one for one in stored if one.reading.code in codes]
        assert columns(kind, found, LIMITS) == plain_columns(kind, mine, as_of), kind


def _rows(patient_id: int, as_of: datetime, chance: random.Random) -> list[dict[str, Any]]:
    rows: dict[tuple[int, datetime, int], dict[str, Any]] = {}
    for _ in range(400):
        at = as_of - timedelta(microseconds=chance.randrange(360 * 86_400_000_000))
        codes = chance.choice(list(KINDS.values()))
        message = chance.randrange(1, 1_000_000)
        for code in codes if chance.random() < 0.8 else codes[:1]:
            special = chance.choice(list(Special)) if chance.random() < 0.1 else None
            value = Decimal(chance.randrange(30_000, 300_000)).scaleb(-chance.randrange(5))
            rows[code.number, at, message] = {
                "patient_id": patient_id, "code": code.number, "effective_at": at, "device_message_id": message,
                "received_at": at + timedelta(seconds=chance.randrange(90)),
                "quality": chance.choice([0, 0, 0, 1, 2]), "source": chance.randrange(4),
                "special": None if special is None else special.value,
                "value": None if special is not None else value,
            }  # fmt: skip
    return list(rows.values())
