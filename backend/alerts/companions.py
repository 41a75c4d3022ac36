"""What stands beside a vital sign, read alike by every rule: symptoms, oxygen in use, age, a clinician's range.

A rule that asks here has the code asked for in its WATCHES, so that it is asked again when that value arrives later.
What nobody has said is None, and None is never "no": unknown oxygen is not air, and unknown symptoms are not health.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.alerts.history import Facts, History
from backend.alerts.history import number as spoken
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading

# Alongside defaults, not national guidance: how near in time a companion belongs to a vital sign.
SYMPTOMS_WITHIN = timedelta(minutes=60)
OXYGEN_WITHIN = timedelta(minutes=15)
# RCP NEWS2 2017, SpO2 scale 2.
SCALE_2_TARGET = Limit(Decimal(88), Decimal(92), "RCP NEWS2 2017, scale 2")


def nearest(history: History, code: Code, at: datetime, within: timedelta) -> Reading | None:
    """The number of this code measured nearest to `at`, before or after it; of two as near the later one.

    None where what is nearest says that it is not known: a number said before it, or after, does not stand for it.
    """
    near = [one for one in history.of(code) if abs(one.effective_at - at) <= within]
    found = min(reversed(near), key=lambda one: abs(one.effective_at - at), default=None)
    return found if found is not None and isinstance(found.value, Decimal) else None


def symptoms(history: History, at: datetime) -> Reading | None:
    """That the person was said to be unwell or to have symptoms around `at`; a later "as usual" does not undo it."""
    said = [
        one
        for one in history.of(Code.UNWELL)
        if one.value == 1 and abs(one.effective_at - at) <= SYMPTOMS_WITHIN
    ]
    return said[-1] if said else None


def oxygen_in_use(history: History, at: datetime) -> Decimal | None:
    """Litres a minute around `at`, 0 on air; None when nobody said."""
    said = nearest(history, Code.OXYGEN_USE, at, OXYGEN_WITHIN)
    return said.value if said is not None and isinstance(said.value, Decimal) else None


def oxygen_words(history: History, at: datetime) -> str:
    """What is known of oxygen, to follow a value: "", ", on air", ", on oxygen 2 litres a minute"."""
    litres = oxygen_in_use(history, at)
    if litres is None:
        return ", home oxygen prescribed, use now not known" if history.facts.home_oxygen else ""
    return ", on air" if litres == 0 else f", on oxygen {spoken(litres)} litres a minute"


def personal_range(history: History, code: Code) -> tuple[Decimal | None, Decimal | None]:
    """The range a clinician set for this person; a pack's default is none of it."""
    limit = history.limits.get(code)
    return (limit.low, limit.high) if limit is not None and limit.personal else (None, None)


def oxygen_limit(history: History) -> Limit | None:
    """The range that counts for a saturation; a clinician's word that scale 2 is right says 88 to 92 by itself.

    RCP NEWS2 2017 lets scale 2 stand only where 88 to 92 was prescribed. Who is on it and has no target in the record
    would else be judged on 95, and pressed towards more oxygen than is safe for them.
    """
    limit = history.limits.get(Code.SPO2)
    has_own = limit is not None and limit.personal and limit.low is not None
    return SCALE_2_TARGET if history.facts.spo2_scale2 and not has_own else limit


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """A clinician's range as a nurse would say it: "own range 50 to 100"."""
    if low is None or high is None:
        return f"own limit {spoken(low)} or more" if low is not None else f"own limit {_or_less(high)}"
    return f"own range {spoken(low)} to {spoken(high)}"


def _or_less(high: Decimal | None) -> str:
    return "not set" if high is None else f"{spoken(high)} or less"


def age(facts: Facts, on: date) -> int | None:
    """Whole years, or None when the date of birth is not known."""
    born = facts.birth_date
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
