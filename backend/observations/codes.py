"""What can be measured: each code with its LOINC, SNOMED CT, MDC, its one UCUM unit and its ranges."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """What is known of a code. `number` is stored in every row and must never change or be given again.

    `hard` is what can be a measurement at all; `soft` is what is asked to be repeated, while the rules run
    on it all the same. Both ranges are Alongside defaults, not national guidance. Codes: FHIR R4 vital signs,
    SNOMED CT UK value sets, ISO/IEEE 11073-10101.
    """

    number: int
    loinc: str | None
    snomed: str | None
    mdc: int | None
    unit: str
    hard: tuple[Decimal, Decimal]
    soft: tuple[Decimal, Decimal]


def _info(
    number: int,
    loinc: str | None,
    snomed: str | None,
    mdc: int | None,
    unit: str,
    hard: tuple[str, str],
    soft: tuple[str, str],
) -> CodeInfo:
    return CodeInfo(
        number,
        loinc,
        snomed,
        mdc,
        unit,
        (Decimal(hard[0]), Decimal(hard[1])),
        (Decimal(soft[0]), Decimal(soft[1])),
    )


def _state(number: int, mdc: int | None, soft: str = "1") -> CodeInfo:
    """A thing that is so (1) or is not (0); the number alone has no unit in UCUM, which is "1"."""
    return _info(number, None, None, mdc, "1", ("0", "1"), ("0", soft))


class Code(Enum):
    """Every measurable thing; the value is the name the API and the screens use."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    MEAN_ARTERIAL = "mean-arterial-pressure"
    PULSE = "pulse"
    SPO2 = "spo2"
    TEMPERATURE = "temperature"
    RESPIRATORY_RATE = "respiratory-rate"
    WEIGHT = "weight"
    GLUCOSE = "glucose"
    PEAK_FLOW = "peak-flow"
    OXYGEN_USE = "oxygen-use"
    KETONES = "ketones"
    STEPS = "steps"
    ACVPU = "acvpu"
    FALL = "fall"
    PENDANT = "pendant"
    BED_OCCUPANCY = "bed-occupancy"
    CHAIR_OCCUPANCY = "chair-occupancy"
    DOOR = "door"
    PROPERTY_EXIT = "property-exit"
    MOVEMENT = "movement"
    MEDICATION_DISPENSER = "medication-dispenser"
    IRREGULAR_PULSE = "irregular-pulse"
    CONCERN = "concern"
    UNWELL = "unwell"
    STANDING_SYSTOLIC = "standing-systolic"
    PHQ9_TOTAL = "phq9-total"
    PHQ9_ITEM9 = "phq9-item9"
    GAD7_TOTAL = "gad7-total"
    PHQ2_TOTAL = "phq2-total"
    WHO5_INDEX = "who5-index"
    MRC_DYSPNOEA = "mrc-dyspnoea"
    CHECK_IN_LEVEL = "check-in-level"
    CARER_CHECK_IN_LEVEL = "carer-check-in-level"
    MOOD_CHECK_IN_LEVEL = "mood-check-in-level"

    # By identity, as members are equal: a code is looked up several times with every reading.
    __hash__ = object.__hash__

    @property
    def info(self) -> CodeInfo:
        """Number, codes, unit and ranges."""
        return INFO[self]

    @property
    def number(self) -> int:
        """The small integer stored in every row."""
        return INFO[self].number

    @property
    def unit(self) -> str:
        """The one UCUM unit values of this code are stored in."""
        return INFO[self].unit


INFO: dict[Code, CodeInfo] = {
    Code.SYSTOLIC: _info(1, "8480-6", "271649006", 150021, "mm[Hg]", ("40", "300"), ("70", "230")),
    Code.DIASTOLIC: _info(2, "8462-4", "271650006", 150022, "mm[Hg]", ("20", "200"), ("40", "140")),
    Code.MEAN_ARTERIAL: _info(3, "8478-0", "6797001", 150023, "mm[Hg]", ("20", "250"), ("45", "180")),
    Code.PULSE: _info(4, "8867-4", "364075005", 149530, "/min", ("20", "300"), ("35", "180")),
    Code.SPO2: _info(5, "2708-6", "103228002", 150456, "%", ("30", "100"), ("75", "100")),
    Code.TEMPERATURE: _info(6, "8310-5", "386725007", 150364, "Cel", ("25", "45"), ("34", "41.5")),
    Code.RESPIRATORY_RATE: _info(7, "9279-1", "86290005", 151562, "/min", ("3", "80"), ("6", "45")),
    Code.WEIGHT: _info(8, "29463-7", "27113001", 188736, "kg", ("10", "350"), ("30", "250")),
    Code.GLUCOSE: _info(9, "14743-9", "997671000000106", 160184, "mmol/L", ("0.3", "60"), ("1.1", "33.3")),
    Code.PEAK_FLOW: _info(10, "33452-4", "18491006", 152584, "L/min", ("30", "1000"), ("60", "800")),
    Code.OXYGEN_USE: _info(11, None, None, None, "L/min", ("0", "60"), ("0", "15")),
    # The LOINC code of capillary ketones is still to be confirmed, so none is given.
    Code.KETONES: _info(12, None, None, None, "mmol/L", ("0", "15"), ("0", "8")),
    Code.STEPS: _info(13, "41950-7", None, None, "/d", ("0", "100000"), ("0", "50000")),
    # What has no unit is a coded number; STATES says what each one means.
    Code.ACVPU: _info(14, None, "1104441000000107", None, "1", ("0", "4"), ("0", "4")),
    # A fall or a press is judged before whatever else waits, as all outside the soft range is.
    Code.FALL: _state(15, 8519681, soft="0"),
    Code.PENDANT: _state(16, 8519682, soft="0"),
    Code.BED_OCCUPANCY: _state(17, 8519691),
    Code.CHAIR_OCCUPANCY: _state(18, 8519691),
    Code.DOOR: _state(19, None),
    Code.PROPERTY_EXIT: _state(20, 8519688),
    Code.MOVEMENT: _state(21, 8519687),
    Code.MEDICATION_DISPENSER: _state(22, None),
    Code.IRREGULAR_PULSE: _state(23, None),
    # Said by a person about themselves or by a carer about them, never by a device.
    Code.CONCERN: _info(24, None, None, None, "1", ("0", "2"), ("0", "0")),
    Code.UNWELL: _info(25, None, None, None, "1", ("0", "1"), ("0", "0")),
    Code.STANDING_SYSTOLIC: _info(26, None, None, None, "mm[Hg]", ("40", "300"), ("70", "230")),
    # What a check-in comes to, answered by the person or by a carer and never sent by a device. A level that is red,
    # and any answer to item 9 but "not at all", is judged before whatever else waits.
    Code.PHQ9_TOTAL: _info(27, "44261-6", None, None, "{score}", ("0", "27"), ("0", "27")),
    Code.PHQ9_ITEM9: _info(28, "44260-8", None, None, "1", ("0", "3"), ("0", "0")),
    Code.GAD7_TOTAL: _info(29, "70274-6", None, None, "{score}", ("0", "21"), ("0", "21")),
    Code.PHQ2_TOTAL: _info(30, "55758-7", None, None, "{score}", ("0", "6"), ("0", "6")),
    Code.WHO5_INDEX: _info(31, None, None, None, "{score}", ("0", "100"), ("0", "100")),
    Code.MRC_DYSPNOEA: _info(32, None, None, None, "{score}", ("1", "5"), ("1", "5")),
    Code.CHECK_IN_LEVEL: _info(33, None, None, None, "1", ("0", "2"), ("0", "1")),
    Code.CARER_CHECK_IN_LEVEL: _info(34, None, None, None, "1", ("0", "2"), ("0", "1")),
    Code.MOOD_CHECK_IN_LEVEL: _info(35, None, None, None, "1", ("0", "2"), ("0", "1")),
}

# What a number stands for where it is no quantity. ACVPU is recorded by a person who knows the individual and is
# never worked out by a device; its SNOMED CT values are 248234008, 130987000, 300202002, 450847001, 422768004.
STATES: dict[Code, tuple[str, ...]] = {
    Code.ACVPU: ("Alert", "New confusion", "Responds to voice", "Responds to pain", "Unresponsive"),
    Code.FALL: ("No fall", "Fall seen"),
    Code.PENDANT: ("Not pressed", "Pressed"),
    Code.BED_OCCUPANCY: ("Out of bed", "In bed"),
    Code.CHAIR_OCCUPANCY: ("Out of the chair", "In the chair"),
    Code.DOOR: ("Closed", "Open"),
    Code.PROPERTY_EXIT: ("At home", "Left the home"),
    Code.MOVEMENT: ("No movement", "Movement"),
    Code.MEDICATION_DISPENSER: ("Missed", "Taken"),
    Code.IRREGULAR_PULSE: ("Not noticed", "Noticed by the device"),
    Code.CONCERN: ("Not worried", "The person is worried", "A carer is worried"),
    Code.UNWELL: ("As usual", "Unwell or with symptoms"),
    Code.PHQ9_ITEM9: ("Not at all", "Several days", "More than half the days", "Nearly every day"),
    **dict.fromkeys(
        (Code.CHECK_IN_LEVEL, Code.CARER_CHECK_IN_LEVEL, Code.MOOD_CHECK_IN_LEVEL), ("Green", "Amber", "Red")
    ),
}

# Of these only whoever answered and the team hear: a proxy is not told that there is one (care rules, section 4).
PRIVATE = frozenset({
    Code.PHQ9_TOTAL, Code.PHQ9_ITEM9, Code.GAD7_TOTAL, Code.PHQ2_TOTAL, Code.WHO5_INDEX, Code.CARER_CHECK_IN_LEVEL,
    Code.MOOD_CHECK_IN_LEVEL,
})  # fmt: skip

BY_NUMBER: dict[int, Code] = {info.number: code for code, info in INFO.items()}

# What is measured together, under the name that people and devices have for it; the first code has the range shown.
TOGETHER: Mapping[str, tuple[Code, ...]] = {
    "blood-pressure": (Code.SYSTOLIC, Code.DIASTOLIC),
    "spo2": (Code.SPO2,),
    "pulse": (Code.PULSE,),
    "weight": (Code.WEIGHT,),
    "temperature": (Code.TEMPERATURE,),
    "glucose": (Code.GLUCOSE,),
    "peak-flow": (Code.PEAK_FLOW,),
}
