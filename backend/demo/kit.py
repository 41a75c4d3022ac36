"""Which device each invented person has, how it speaks while the demo runs, and which no stub plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backend.demo.people import BP, FALLING, OX, PENDANT, PEOPLE, SCALE, SILENT, DemoPerson

DAY_S: Final = 86_400
# A quiet device measures four times a day while the demo runs, so that nobody falls silent by accident.
QUIET_EVERY_S: Final = 21_600

_STUBS: Final = {BP: "blood_pressure_monitor", OX: "pulse_oximeter", SCALE: "scale", PENDANT: "pendant"}
_MODELS: Final = {
    BP: "alongside-bp1",
    OX: "alongside-ox1",
    SCALE: "alongside-scale1",
    PENDANT: "alongside-pendant1",
}
_MARKS: Final = {BP: "bp", OX: "ox", SCALE: "scale", PENDANT: "pendant"}
# Alongside defaults: how often each is to be used. A pendant reports itself and measures nothing.
_EXPECTED: Final[dict[str, int | None]] = {BP: DAY_S, OX: DAY_S, SCALE: DAY_S, PENDANT: None}


@dataclass(frozen=True, slots=True)
class DemoDevice:
    """One device: `played` says whether a stub speaks for it; `every_s` how often it measures then."""

    device_id: str
    kind: str
    stub: str
    model: str
    person: DemoPerson
    expected_every_s: int | None
    every_s: float | None
    start_after_s: float
    played: bool
    course: str | None = None
    hb_s: int = DAY_S

    @property
    def is_spare(self) -> bool:
        """Bound, and kept for whoever wants to speak for it."""
        return self.person.number == FALLING and self.kind in (BP, PENDANT)


def devices() -> tuple[DemoDevice, ...]:
    """Every device of the 25, in order; ids name kind and number and nothing of the person."""
    return tuple(_device(person, kind) for person in PEOPLE for kind in person.kit)


def spare_monitor() -> DemoDevice:
    """The bound monitor that no stub plays, for a visitor with `mosquitto_pub` and for scripts."""
    return next(one for one in devices() if one.person.number == FALLING and one.kind == BP)


def spare_pendant() -> DemoDevice:
    """The bound pendant that no stub plays, to be pressed by hand."""
    return next(one for one in devices() if one.person.number == FALLING and one.kind == PENDANT)


def _device(person: DemoPerson, kind: str) -> DemoDevice:
    spare = person.number == FALLING and kind in (BP, PENDANT)
    falling = person.number == FALLING and kind == OX
    return DemoDevice(
        device_id=f"demo-{_MARKS[kind]}-{person.number:03d}",
        kind=kind,
        stub=_STUBS[kind],
        model=_MODELS[kind],
        person=person,
        expected_every_s=_EXPECTED[kind],
        every_s=None if kind == PENDANT else float(person.live_every_s or QUIET_EVERY_S),
        # The course itself waits half a minute before the fall; the rest begin spread over a minute.
        start_after_s=2.0 if falling else 5.0 + person.number * 2.0,
        played=not spare and person.number != SILENT and person.status == "live",
        course="falling" if falling else None,
        # Only a pendant that somebody plays reports itself every hour; the rest speak when they are used.
        hb_s=3600 if kind == PENDANT and not spare else DAY_S,
    )
