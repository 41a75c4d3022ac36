"""The table of what can be measured, typed from the reference: a number, once given, is in every row for ever."""

from decimal import Decimal

import pytest

from backend.observations.codes import BY_NUMBER, STATES, Code

# number, name, LOINC, SNOMED CT, MDC, UCUM, hard range, soft range
TABLE = [
    (1, "systolic", "8480-6", "271649006", 150021, "mm[Hg]", (40, 300), (70, 230)),
    (2, "diastolic", "8462-4", "271650006", 150022, "mm[Hg]", (20, 200), (40, 140)),
    (3, "mean-arterial-pressure", "8478-0", "6797001", 150023, "mm[Hg]", (20, 250), (45, 180)),
    (4, "pulse", "8867-4", "364075005", 149530, "/min", (20, 300), (35, 180)),
    (5, "spo2", "2708-6", "103228002", 150456, "%", (30, 100), (75, 100)),
    (6, "temperature", "8310-5", "386725007", 150364, "Cel", (25, 45), (34, "41.5")),
    (7, "respiratory-rate", "9279-1", "86290005", 151562, "/min", (3, 80), (6, 45)),
    (8, "weight", "29463-7", "27113001", 188736, "kg", (10, 350), (30, 250)),
    (9, "glucose", "14743-9", "997671000000106", 160184, "mmol/L", ("0.3", 60), ("1.1", "33.3")),
    (10, "peak-flow", "33452-4", "18491006", 152584, "L/min", (30, 1000), (60, 800)),
    (11, "oxygen-use", None, None, None, "L/min", (0, 60), (0, 15)),
    (12, "ketones", None, None, None, "mmol/L", (0, 15), (0, 8)),
    (13, "steps", "41950-7", None, None, "/d", (0, 100000), (0, 50000)),
    (14, "acvpu", None, "1104441000000107", None, "1", (0, 4), (0, 4)),
    (15, "fall", None, None, 8519681, "1", (0, 1), (0, 0)),
    (16, "pendant", None, None, 8519682, "1", (0, 1), (0, 0)),
    (17, "bed-occupancy", None, None, 8519691, "1", (0, 1), (0, 1)),
    (18, "chair-occupancy", None, None, 8519691, "1", (0, 1), (0, 1)),
    (19, "door", None, None, None, "1", (0, 1), (0, 1)),
    (20, "property-exit", None, None, 8519688, "1", (0, 1), (0, 1)),
    (21, "movement", None, None, 8519687, "1", (0, 1), (0, 1)),
    (22, "medication-dispenser", None, None, None, "1", (0, 1), (0, 1)),
    (23, "irregular-pulse", None, None, None, "1", (0, 1), (0, 1)),
    (24, "concern", None, None, None, "1", (0, 2), (0, 0)),
    (25, "unwell", None, None, None, "1", (0, 1), (0, 0)),
    (26, "standing-systolic", None, None, None, "mm[Hg]", (40, 300), (70, 230)),
    (27, "phq9-total", "44261-6", None, None, "{score}", (0, 27), (0, 27)),
    (28, "phq9-item9", "44260-8", None, None, "1", (0, 3), (0, 0)),
    (29, "gad7-total", "70274-6", None, None, "{score}", (0, 21), (0, 21)),
    (30, "phq2-total", "55758-7", None, None, "{score}", (0, 6), (0, 6)),
    (31, "who5-index", None, None, None, "{score}", (0, 100), (0, 100)),
    (32, "mrc-dyspnoea", None, None, None, "{score}", (1, 5), (1, 5)),
    (33, "check-in-level", None, None, None, "1", (0, 2), (0, 1)),
    (34, "carer-check-in-level", None, None, None, "1", (0, 2), (0, 1)),
    (35, "mood-check-in-level", None, None, None, "1", (0, 2), (0, 1)),
]


@pytest.mark.parametrize("row", TABLE, ids=[str(row[1]) for row in TABLE])
def test_a_code_is_what_the_reference_says(row: tuple[object, ...]) -> None:
    info = Code(row[1]).info
    assert (info.number, info.loinc, info.snomed, info.mdc, info.unit) == (row[0], *row[2:6])
    for ours, theirs in ((info.hard, row[6]), (info.soft, row[7])):
        assert isinstance(theirs, tuple)
        assert ours == tuple(Decimal(str(one)) for one in theirs)


def test_every_code_is_in_the_table_and_every_number_names_one() -> None:
    assert [row[0] for row in TABLE] == sorted(BY_NUMBER)
    assert len(BY_NUMBER) == len(Code)


def test_what_has_no_unit_has_words_for_each_of_its_numbers() -> None:
    assert {code for code in Code if code.unit == "1"} == set(STATES)
    for code, words in STATES.items():
        assert code.info.hard == (Decimal(0), Decimal(len(words) - 1))
