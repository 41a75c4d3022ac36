"""What a phone needs to take a reading by hand and to say what it means, at once and without a network."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields

from backend.access import service as access
from backend.access.needs import home_oxygen, palliative_line
from backend.access.record import Record
from backend.alerts import service as alerts
from backend.core.routes import Instant
from backend.devices.service import devices_of
from backend.observations.codes import TOGETHER, Code
from backend.pathways import service as pathways
from backend.plans import service as plans
from backend.scores import glucose
from backend.screens.schemas import PalliativeLineSchema, RangeSchema
from backend.screens.tiles import DEVICE_KINDS, Range, plain, range_of

# In the order in which they are offered.
TAKEN: dict[str, tuple[Code, ...]] = {
    kind: TOGETHER[kind]
    for kind in ("blood-pressure", "spo2", "weight", "glucose", "temperature", "pulse", "peak-flow")
}
FINER = frozenset({Code.WEIGHT, Code.TEMPERATURE, Code.GLUCOSE})
ADVISED = ("urgent", "emergency")
# For somebody on no pathway, so that a red reading never meets an empty page. Alongside default.
NO_PLAN = {
    "emergency": ["Call 999 now."],
    "urgent": ["Call your team now. If nobody answers, call 111.", "If you feel worse, call 999."],
}


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}} | more


class BandSchema(Schema):
    """What one value alone would raise."""

    from_ = fields.String(data_key="from", attribute="low", **_said("Lowest, included."))
    to = fields.String(attribute="high", **_said("Highest, included."))
    level = fields.String(**_said("soon, urgent or emergency."))


class TakenCodeSchema(Schema):
    """One number to type."""

    code = fields.String(**_said("systolic, spo2, and so on."))
    unit = fields.String(**_said("UCUM."))
    step = fields.String(**_said("1, or 0.1: the finest a display shows."))
    hard = fields.List(fields.String(), **_said("Lowest and highest that can be a measurement at all."))
    soft = fields.List(fields.String(), **_said("Outside of these it is asked for once more."))
    range = fields.Nested(RangeSchema, **_said("The person's own.", allow_none=True))
    bands = fields.List(
        fields.Nested(BandSchema), **_said("Lowest first; what is in none raises nothing by itself.")
    )


class ActSchema(Schema):
    """What the person's plan says to do."""

    words = fields.List(fields.String(), **_said("One step each."))
    from_ = fields.String(
        data_key="from", attribute="from", **_said("plan (agreed by both), pathway, or nobody: our default.")
    )


class ActsSchema(Schema):
    """By how bad it is."""

    urgent = fields.Nested(ActSchema, **_said("At an urgent value."))
    emergency = fields.Nested(ActSchema, **_said("At an emergency."))


class TakenKindSchema(Schema):
    """Something that can be measured."""

    kind = fields.String(**_said("blood-pressure, spo2, weight, glucose, temperature, pulse or peak-flow."))
    expected = fields.Boolean(**_said("A pathway asks for it."))
    device = fields.String(**_said("The person's own device that sends it by itself.", allow_none=True))
    codes = fields.List(fields.Nested(TakenCodeSchema), **_said("In the order they are asked for."))
    acts = fields.Nested(ActsSchema, **_said("What to do, from the person's own plan where there is one."))


class HomeOxygenSchema(Schema):
    """Oxygen that was prescribed at home."""

    litres = fields.String(**_said("A minute; null is not known.", allow_none=True))


class HypoSchema(Schema):
    """When the sugar screen opens."""

    under = fields.String(**_said("mmol/L."))


class TakingSchema(Schema):
    """What a phone judges with."""

    as_of = Instant(**_said("The database's time of this answer."))
    monitored = fields.Boolean(**_said("Somebody watches these readings: a pathway is live."))
    kinds = fields.List(fields.Nested(TakenKindSchema), **_said("What is expected first."))
    oxygen = fields.Nested(
        HomeOxygenSchema, **_said("Null when no home oxygen is on record.", allow_none=True)
    )
    hypo = fields.Nested(HypoSchema, **_said("Fast sugar under this."))
    line = fields.Nested(
        PalliativeLineSchema, **_said("In place of 999, with a signed plan.", allow_none=True)
    )


def taking(record: Record) -> dict[str, object]:
    """All that can be typed, with what each value would mean for this person."""
    patient, now = record.patient, access.database_time()
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    live = [one for one in enrolled if one.is_live]
    expected = {reading.kind for one in live for reading in one.pack.expected}
    worn = {device.kind: device.model or device.kind.replace("-", " ") for device in devices_of(patient.id)}
    bands = alerts.bands_of(patient.id, [code for codes in TAKEN.values() for code in codes], now)
    limits = alerts.limits_for(patient, now.date())
    has_oxygen, litres = home_oxygen(patient.facts)
    acts = _Acts(patient.id, live)
    return {
        "as_of": now,
        "monitored": bool(live),
        "kinds": [
            {
                "kind": kind,
                "expected": kind in expected,
                "device": worn.get(DEVICE_KINDS.get(kind, "")),
                "codes": [
                    _code(code, bands.get(code, ()), range_of(limits.get(code))) for code in TAKEN[kind]
                ],
                "acts": acts.of(kind),
            }
            for kind in sorted(TAKEN, key=lambda one: one not in expected)
        ],
        "oxygen": {"litres": _litres(litres)} if has_oxygen else None,
        "hypo": {"under": plain(glucose.FLOOR)},
        "line": palliative_line(patient.id),
    }


def _code(code: Code, bands: Sequence[alerts.Band], own: Range | None) -> dict[str, object]:
    info = code.info
    return {
        "code": code.value,
        "unit": info.unit,
        "step": "0.1" if code in FINER else "1",
        "hard": [plain(edge) for edge in info.hard],
        "soft": [plain(edge) for edge in info.soft],
        "range": own,
        "bands": [{"low": plain(b.low), "high": plain(b.high), "level": b.level} for b in bands],
    }


class _Acts:
    """The words for each kind: of the pathway that judges it, as an alert of it would have them."""

    def __init__(self, patient_id: int, live: Sequence[pathways.EnrolledOn]) -> None:
        self._patient_id = patient_id
        self._live = live
        self._said: dict[str, dict[str, object]] = {}

    def of(self, kind: str) -> dict[str, object]:
        """What to do at each level. Kinds of one pathway have the same words, which are looked up once."""
        names = alerts.rules_about(TAKEN[kind])
        judged = ((one.pack, name) for one in self._live for name in names if name in one.pack.rules)
        pack, rule = next(judged, (None, None))
        pathway = pack.pathway if pack is not None else ""
        if pathway not in self._said:
            self._said[pathway] = {level: self._act(level, rule) for level in ADVISED}
        return self._said[pathway]

    def _act(self, level: str, rule: str | None) -> dict[str, object]:
        said = plans.advice(self._patient_id, level, rule)
        if said is None:
            return {"words": NO_PLAN[level], "from": "nobody"}
        return {"words": said["words"], "from": said["from"]}


def _litres(litres: Decimal | None) -> str | None:
    return None if litres is None else plain(litres)
