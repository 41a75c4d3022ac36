"""Reads months of values as columns, because a year of readings as objects costs a first sync most of its time."""

import json
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import text

from backend.core.db import fetch
from backend.observations.codes import BY_NUMBER, Code
from backend.observations.reading import Quality, Source

# PostgreSQL puts each column together and writes it as JSON: one row a code comes over, and not one a value. What is
# void is left out as in `series.stands`. A value stays the text that it is stored as; what a device said instead of
# one is a text in quotes, its number. A time in seconds has digits enough in a float to be exact in microseconds.
_COLUMNS = text("""select o.code,
        json_agg((date_part('epoch', o.effective_at) * 1000000)::bigint order by o.effective_at, o.received_at)::text,
        json_agg(o.device_message_id order by o.effective_at, o.received_at)::text,
        json_agg(case when o.special is null then to_json(o.value) else to_json(o.special::text) end
            order by o.effective_at, o.received_at)::text,
        json_agg(o.source order by o.effective_at, o.received_at)::text,
        json_agg(o.quality order by o.effective_at, o.received_at)::text,
        array_agg(o.value) filter (where o.effective_at > :lately and o.quality = :ok and o.special is null)
    from observation o
    where o.patient_id = :patient_id and o.code = any(:codes)
        and o.effective_at >= :since and o.effective_at < :until
        and not exists (select from observation_correction c where c.device_message_id = o.device_message_id
            and c.kind = 'void' and c.ended_at is null)
    group by o.code""")

_SOURCES = {source.value: source for source in Source}
Cell = Decimal | str | None


class Column(NamedTuple):
    """Every value of one code, oldest first, of equal times that first which we had first.

    `at` is in microseconds since 1970 UTC; `message` is the row of the message each came in; `cells` are numbers, the
    number of a Special as text, or None; `places` of those whose quality is not OK. `lately` are the numbers of
    quality OK measured lately, in no order.
    """

    at: list[int]
    message: list[int | None]
    cells: list[Cell]
    sources: list[Source]
    doubted: list[int]
    lately: list[Decimal]


def columns(
    patient_id: int, codes: Collection[Code], since: datetime, until: datetime, lately: datetime
) -> dict[Code, Column]:
    """The values of these codes measured in [since, until), and apart those after `lately`; inside key."""
    rows = fetch(
        _COLUMNS, patient_id=patient_id, codes=[code.number for code in codes], since=since, until=until,
        lately=lately, ok=Quality.OK.value,
    )  # fmt: skip
    return {BY_NUMBER[row[0]]: _column(*row[1:]) for row in rows}


def _column(at: str, message: str, cells: str, sources: str, qualities: str, lately: Any) -> Column:
    ok = Quality.OK.value
    return Column(
        json.loads(at),
        json.loads(message),
        json.loads(cells, parse_int=_number, parse_float=_number),
        [_SOURCES[source] for source in json.loads(sources)],
        [place for place, quality in enumerate(json.loads(qualities)) if quality != ok],
        lately or [],
    )


@lru_cache(maxsize=4096)
def _number(written: str) -> Decimal:
    return Decimal(written)
