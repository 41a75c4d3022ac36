"""Replays recorded streams through every rule, so that a change of a rule shows what it does to the alerts of people.

    python -m tests.alerts.replay

writes down what is found now. The difference to what was written down before is what a reviewer approves.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from backend.alerts.history import Facts, History
from backend.alerts.judge import findings, rules
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special, StoredReading

FOLDER = Path(__file__).resolve().parents[2] / "assurance" / "replay"
STREAMS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "streams.yaml").read_text())["streams"]
FOUND = FOLDER / "found.yaml"
# A Monday.
START = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
HEAD = """# What every rule finds in the recorded streams of streams.yaml: minutes by stream, rule and level.
# Written by `python -m tests.alerts.replay`. A difference here is a change of people's alerts: look at each line, and
# say with the change why it is right.
"""

Replayed = dict[str, dict[str, str]]


def _value(word: str) -> Decimal | Special:
    return Special[word] if word in Special.__members__ else Decimal(word)


def _readings(stream: Mapping[str, Any]) -> Iterator[StoredReading]:
    """Each series is a code, the minute it begins, minutes between its values, and the values."""
    for series in stream["series"]:
        code = Code(series["code"])
        for number, word in enumerate(str(series["values"]).split()):
            at = START + timedelta(minutes=series["from"] + number * series["every"])
            if word != "-":
                yield StoredReading(Reading(code, _value(word), code.unit, at), at, 0, None)


def _fact(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value


def _own(low: str | None, high: str | None) -> Limit:
    ends = (None if end is None else Decimal(end) for end in (low, high))
    return Limit(next(ends), next(ends), "a clinician", personal=True)


def replay(stream: Mapping[str, Any]) -> Replayed:
    """By rule and level, the minutes at which it is found, judged as the worker does."""
    stored = sorted(_readings(stream), key=lambda one: (one.reading.effective_at, one.reading.code.value))
    limits = {Code(name): _own(*ends) for name, ends in stream.get("own", {}).items()}
    facts = Facts(**{name: _fact(value) for name, value in stream.get("facts", {}).items()})
    end = stored[-1].reading.effective_at + timedelta(hours=1)
    found: Replayed = {}
    for name, rule in rules().items():
        if rule.ON != "reading":
            continue
        base = History((), end, limits=limits, facts=facts)
        # Said once, however often it is found of the same moment.
        levels: dict[str, dict[str, None]] = {}
        for finding in findings(rule, base, stored, START, end):
            minute = int((finding.true_at - START).total_seconds() // 60)
            levels.setdefault(finding.severity.value, {})[str(minute)] = None
        if levels:
            found[name] = {level: " ".join(minutes) for level, minutes in sorted(levels.items())}
    return found


def write_down() -> None:
    """Keep what is found now."""
    found = {stream["id"]: replay(stream) for stream in STREAMS}
    FOUND.write_text(HEAD + yaml.safe_dump(found, sort_keys=True, width=118))


if __name__ == "__main__":
    write_down()
