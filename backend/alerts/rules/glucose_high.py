"""A high glucose, or feeling unwell with diabetes prone to ketones, because ketoacidosis kills within a day.

SOURCE. Over 14.0 mmol/L in type 1 diabetes, on an SGLT2 inhibitor or prone to ketosis: check ketones; any vomiting or
illness in them asks for ketones whatever the glucose (sick-day rules of NHS trusts; on an SGLT2 inhibitor ketoacidosis
comes with a normal glucose). Alongside defaults, not national guidance: over 20.0 on two readings at least an hour and
at most a day apart, or once when unwell, any diabetes, urgent; unwell is what was said in the last hour; a
clinician's own high limit takes the place of 14.0 for anybody, and of 20.0 where it is higher. Where treatment is not
known somebody who measures glucose is judged as if prone to ketones, and the words say so. 30 or more is another rule's
emergency, and ketones once measured are judged by theirs.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import SYMPTOMS_WITHIN, personal_range, symptoms
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special
from backend.scores import glucose

WATCHES = frozenset({Code.GLUCOSE, Code.KETONES, Code.UNWELL})
LOOKBACK = timedelta(hours=24)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.GLUCOSE,)
VITAL = False
SOURCE = "NHS trusts' sick-day rules (over 14); over 20 twice or when unwell: Alongside default"
REFERENCE = ("glucose-high", "glucose-high-type2")

TWICE_OVER = Decimal("20.0")
APART = timedelta(hours=1)


def evaluate(history: History) -> Finding | None:
    """Judge the newest glucose, and whether the person feels unwell, as of `history.as_of`."""
    newest = _fresh(history, Code.GLUCOSE)
    unwell = symptoms(history, history.as_of)
    prone = _prone(history.facts)
    _, own = personal_range(history, Code.GLUCOSE)
    value = newest.value if newest is not None else None
    if newest is not None and isinstance(value, Decimal) and value < glucose.VERY_HIGH:
        found = _urgent(history, newest, value, unwell, max(TWICE_OVER, own or TWICE_OVER))
        found = found or _soon(newest, value, prone, own)
        if found is not None:
            return found
    return _ill(history, newest, unwell, prone) if unwell is not None else None


def _urgent(
    history: History, newest: Reading, value: Decimal, unwell: Reading | None, edge: Decimal
) -> Finding | None:
    if value <= edge:
        return None
    title = f"Glucose {number(value)} mmol/L"
    if unwell is not None:
        evidence = tuple(sorted((newest, unwell), key=_time))
        reason = f"{title}, over {glucose.edge_words(edge)} and unwell"
        return Finding(Severity.URGENT, title, reason, evidence, evidence[-1].effective_at)
    before = [
        one
        for one in history.of(Code.GLUCOSE)
        if newest.effective_at - one.effective_at >= APART and _is_over(one, edge)
    ]
    if not before:
        return None
    hours = int((newest.effective_at - before[-1].effective_at).total_seconds() // 3600)
    apart = "1 hour" if hours == 1 else f"{hours} hours"
    reason = f"{title}, over {glucose.edge_words(edge)} twice, {apart} apart"
    return Finding(Severity.URGENT, title, reason, (before[-1], newest), newest.effective_at)


def _soon(newest: Reading, value: Decimal, prone: bool | None, own: Decimal | None) -> Finding | None:
    edge = glucose.HIGH if own is None else own
    if value <= edge or (own is None and prone is False):
        return None
    title = f"Glucose {number(value)} mmol/L"
    treatment = {True: ", check ketones", None: ", treatment not known, check ketones", False: ""}[prone]
    return Finding(
        Severity.SOON,
        title,
        f"{title}, over {glucose.edge_words(edge)}{treatment}",
        (newest,),
        newest.effective_at,
    )


def _ill(history: History, newest: Reading | None, unwell: Reading, prone: bool | None) -> Finding | None:
    """Unwell asks for ketones whatever the glucose; of treatment not known, only where glucose is measured at all."""
    if prone is False or (prone is None and not history.of(Code.GLUCOSE)):
        return None
    if _fresh(history, Code.KETONES) is not None:
        return None
    evidence = tuple(sorted((one for one in (newest, unwell) if one is not None), key=_time))
    known = ", treatment not known" if prone is None else ""
    reason = f"Unwell with diabetes{known}: check ketones, whatever the glucose"
    return Finding(Severity.SOON, "Unwell, check ketones", reason, evidence, evidence[-1].effective_at)


def _fresh(history: History, code: Code) -> Reading | None:
    """The newest of a code, when it is of the last hour."""
    readings = history.of(code)
    return readings[-1] if readings and history.as_of - readings[-1].effective_at <= SYMPTOMS_WITHIN else None


def _is_over(reading: Reading, edge: Decimal) -> bool:
    return reading.value is Special.HI or (isinstance(reading.value, Decimal) and reading.value > edge)


def _prone(facts: Facts) -> bool | None:
    """Whether ketones are to be feared; None where it is not known."""
    if facts.type1 or facts.sglt2_inhibitor:
        return True
    return None if facts.type1 is None or facts.sglt2_inhibitor is None else False


def _time(reading: Reading) -> datetime:
    return reading.effective_at


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_TYPE_1 = Facts(type1=True)
_TYPE_2 = Facts(type1=False, sglt2_inhibitor=False)


def _at(code: Code, value: str, minute: int = 0) -> Reading:
    return Reading(code, Decimal(value), code.unit, _T + timedelta(minutes=minute))


def _history(facts: Facts, *readings: Reading, high: str | None = None) -> History:
    limits = {Code.GLUCOSE: Limit(None, Decimal(high), "set by a clinician", personal=True)} if high else {}
    return History(readings, readings[-1].effective_at, limits=limits, facts=facts)


def _found(level: Severity, title: str, reason: str, *evidence: Reading) -> Finding:
    return Finding(level, title, reason, evidence, evidence[-1].effective_at)


_G = Code.GLUCOSE
EXAMPLES = (
    (_history(_TYPE_1, _at(_G, "14.0")), None),
    (
        _history(_TYPE_1, _at(_G, "14.1")),
        _found(
            Severity.SOON,
            "Glucose 14.1 mmol/L",
            "Glucose 14.1 mmol/L, over 14.0, check ketones",
            _at(_G, "14.1"),
        ),
    ),
    (_history(_TYPE_2, _at(_G, "18")), None),
    (_history(_TYPE_2, _at(_G, "22")), None),
    (
        _history(_TYPE_2, _at(_G, "22"), _at(_G, "21", 60)),
        _found(
            Severity.URGENT,
            "Glucose 21 mmol/L",
            "Glucose 21 mmol/L, over 20.0 twice, 1 hour apart",
            _at(_G, "22"),
            _at(_G, "21", 60),
        ),
    ),
    (_history(_TYPE_2, _at(_G, "22"), _at(_G, "21", 59)), None),
    (
        _history(_TYPE_2, _at(_G, "20.1"), _at(Code.UNWELL, "1", 5)),
        _found(
            Severity.URGENT,
            "Glucose 20.1 mmol/L",
            "Glucose 20.1 mmol/L, over 20.0 and unwell",
            _at(_G, "20.1"),
            _at(Code.UNWELL, "1", 5),
        ),
    ),
    (
        _history(_TYPE_1, _at(_G, "7"), _at(Code.UNWELL, "1", 5)),
        _found(
            Severity.SOON,
            "Unwell, check ketones",
            "Unwell with diabetes: check ketones, whatever the glucose",
            _at(_G, "7"),
            _at(Code.UNWELL, "1", 5),
        ),
    ),
    (_history(_TYPE_1, _at(_G, "7"), _at(Code.KETONES, "0.3", 1), _at(Code.UNWELL, "1", 5)), None),
    (_history(Facts(), _at(Code.UNWELL, "1")), None),
    (
        _history(Facts(), _at(_G, "15")),
        _found(
            Severity.SOON,
            "Glucose 15 mmol/L",
            "Glucose 15 mmol/L, over 14.0, treatment not known, check ketones",
            _at(_G, "15"),
        ),
    ),
    (
        _history(_TYPE_2, _at(_G, "12.5"), high="12"),
        _found(Severity.SOON, "Glucose 12.5 mmol/L", "Glucose 12.5 mmol/L, over 12.0", _at(_G, "12.5")),
    ),
)
