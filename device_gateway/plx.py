"""What both pulse oximetry characteristics say of their own measurement, so that one table judges both.

SOURCE. Bluetooth Pulse Oximeter Service 1.0.1, measurement status and device and sensor status.
"""

from dataclasses import dataclass
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import Quality
from device_gateway.gatt import Beside, Fields, Value, needed, optional, words
from device_gateway.ieee11073 import Number
from device_gateway.refusal import Undecodable

FROM_MEMORY, DEMONSTRATION, TESTING, UNAVAILABLE, INVALID = 9, 10, 11, 13, 15
STATUS = {
    5: "measurement_ongoing", 6: "early_estimate", 7: "validated", 8: "fully_qualified", FROM_MEMORY: "from_memory",
    12: "calibration_ongoing", 14: "questionable",
}  # fmt: skip
DOUBTFUL = 1 << 6 | 1 << 12 | 1 << 14
SENSOR = {
    0: "extended_display_update", 1: "equipment_malfunction", 2: "signal_processing_irregularity",
    3: "inadequate_signal", 4: "poor_signal", 5: "low_perfusion", 6: "erratic_signal", 7: "nonpulsatile_signal",
    8: "questionable_pulse", 9: "signal_analysis_ongoing", 10: "sensor_interference",
    11: "sensor_unconnected_to_user", 12: "unknown_sensor", 13: "sensor_displaced", 14: "sensor_malfunctioning",
    15: "sensor_disconnected",
}  # fmt: skip
# All but a display that updates slowly and an analysis that still runs.
DOUBTFUL_SENSOR = 0xFFFF & ~(1 << 0 | 1 << 9)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a measurement can be trusted by its own account."""

    quality: Quality
    from_memory: bool
    beside: Beside


def standing(status: int, sensor: int) -> Standing:
    """Raises Undecodable: `test-reading` for tests and demonstrations, `not-a-measurement` for the invalid."""
    if status >> DEMONSTRATION & 1 or status >> TESTING & 1:
        raise Undecodable("test-reading", "the oximeter says that this is data for testing or demonstration")
    if status >> INVALID & 1 or status >> UNAVAILABLE & 1:
        raise Undecodable(
            "not-a-measurement", "the oximeter says that the measurement is invalid or unavailable"
        )
    doubtful = status & DOUBTFUL or sensor & DOUBTFUL_SENSOR
    said = words(status, STATUS) + words(sensor, SENSOR)
    return Standing(
        Quality.SUSPECT if doubtful else Quality.OK,
        bool(status >> FROM_MEMORY & 1),
        tuple((one, "yes") for one in said),
    )


def optional_standing(fields: Fields, has_status: bool, has_sensor: bool) -> tuple[int, int]:
    """The two status fields where the flags say that they are there, else 0."""
    return (
        fields.whole(2, "measurement status") if has_status else 0,
        fields.whole(3, "device and sensor status") if has_sensor else 0,
    )


def saturation(spo2: Number, pulse: Number) -> tuple[tuple[Value, ...], Beside]:
    """The two values; without oxygen there is no measurement, without a pulse rate there is one."""
    pulses, unmeasured = optional(Code.PULSE, pulse, "pulse")
    return (Value(Code.SPO2, needed(spo2, "spo2")), *pulses), unmeasured


def amplitude(number: Number) -> Beside:
    """The pulse amplitude index, in percent."""
    return (("pulse_amplitude_index", said(number)),)


def said(number: Number) -> str:
    """A number beside the measurement as words."""
    return f"{number:f}" if isinstance(number, Decimal) else "not measured"
