"""Changes a person's limit: tried on the last 90 days first, then saved with who, when and why."""

import hashlib
import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import Action, Purpose, Record, open_record
from backend.alerts import service as alerts
from backend.alerts.judge import limits_of, rules
from backend.alerts.limit_rehearsal import REHEARSED, Rehearsal, rehearse_limit
from backend.alerts.models import AlertLimit
from backend.alerts.ranges import LIMITED, range_errors
from backend.caseload.needed import check_target
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.http import Actor
from backend.desk.door import Deed, open_card, save
from backend.desk.models import LimitChange
from backend.observations.codes import BY_NUMBER, Code
from backend.observations.reading import Limit

SHOWN = 50


def read(record: Record) -> dict[str, Any]:
    """A person's limits with who set them, and every change there was, newest first."""
    asked = select(LimitChange).where(LimitChange.patient_id == record.patient.id)
    changes = db.session.scalars(asked.order_by(LimitChange.id.desc()).limit(SHOWN)).all()
    names = access.practitioner_names(list({one.by_id for one in changes})) if changes else {}
    return {
        "limits": _limits(record),
        "changes": [
            {
                "code": BY_NUMBER[one.code].value, "at": one.at, "by": names[one.by_id][1], "reason": one.reason,
                **{name: _said(getattr(one, name)) for name in ("low", "high", "was_low", "was_high")},
            }
            for one in changes
        ],
        "may_change": record.may(Action.SET_LIMIT),
    }  # fmt: skip


def _said(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _limits(record: Record) -> list[dict[str, Any]]:
    versions = {BY_NUMBER[row.code].value: row.version for row in record.list(AlertLimit)}
    stand: dict[Code, Limit] = alerts.limits_for(record.patient)
    return [
        row | {"version": versions.get(row["code"], 0), "personal": row["code"] in versions}
        for row in alerts.limit_rows(record.patient.id, stand)
    ]


def limited(code: str) -> Code:
    """A code by its name; raises Invalid for what has no range."""
    found = next((one for one in LIMITED if one.value == code), None)
    if found is None:
        raise Invalid("no-limit", "No limit can be set for that.")
    return found


def rehearse(record: Record, code: Code, low: Decimal | None, high: Decimal | None) -> dict[str, Any]:
    """What a range would have changed in the last 90 days, and the token that says somebody was shown it."""
    _refuse_range(record, code, low, high)
    found = rehearse_limit(record.patient.id, code, low, high)
    return {
        "days": REHEARSED.days,
        "readings": found.readings,
        "now": dict(found.now),
        "then": dict(found.then),
        "added": [asdict(one) for one in found.added[:SHOWN]],
        "dropped": [asdict(one) for one in found.dropped[:SHOWN]],
        "added_count": len(found.added),
        "dropped_count": len(found.dropped),
        "token": _token(record, code, low, high, found),
    }


def _refuse_range(record: Record, code: Code, low: Decimal | None, high: Decimal | None) -> None:
    errors = range_errors(code, low, high)
    if errors:
        raise Invalid("limit-range", "That is no range.", errors=errors)
    if code is Code.SPO2:
        check_target(record, low, high)


def _token(record: Record, code: Code, low: Decimal | None, high: Decimal | None, found: Rehearsal) -> str:
    """The same for the same person, range and result; a reading that came since and changes it makes another."""
    keys = [
        [(one.rule, one.level, one.true_at.isoformat()) for one in part]
        for part in (found.added, found.dropped)
    ]
    said = [str(record.patient.public_id), code.value, _said(low), _said(high), keys]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def change(
    record: Record,
    code: Code,
    low: Decimal | None,
    high: Decimal | None,
    reason: str,
    token: str,
    if_version: int,
    change_id: UUID,
) -> dict[str, Any]:
    """Save a clinician's limit; answers it as it now stands.

    Raises Conflict "rehearsal-changed" with what it would change now when that is not what was shown, and Conflict
    with the limit as it stands when somebody was first (`if_version` 0: there was none).
    """
    shown = rehearse(record, code, low, high)
    if shown["token"] != token:
        words = "Look at what it would have changed in the last 90 days, then save it."
        raise Conflict("rehearsal-changed", words, current=json.loads(json.dumps(shown, default=str)))
    mine = record.list(AlertLimit, AlertLimit.code == code.number)
    row = mine[0] if mine else AlertLimit(code=code.number)
    if (row.version if mine else 0) != if_version:
        words = "Somebody changed this limit since you last saw it."
        current = next((one for one in _limits(record) if one["code"] == code.value), {})
        raise Conflict("changed-meanwhile", words, current=json.loads(json.dumps(current, default=str)))
    was_low, was_high = (row.low, row.high) if mine else (None, None)
    by_id = record.actor.practitioner_id
    assert by_id is not None
    row.low, row.high, row.reason = low, high, reason
    row.set_by, row.set_at = access.display_name(record.actor), access.database_time()
    record.save(row, if_version=if_version if mine else None, change_id=change_id)
    kept = {
        name: shown[name] for name in ("readings", "now", "then", "added_count", "dropped_count", "token")
    }
    db.session.add(
        LimitChange(
            patient_id=record.patient.id, code=code.number, low=low, high=high, was_low=was_low, was_high=was_high,
            by_id=by_id, reason=reason, rehearsal=kept,
        )
    )  # fmt: skip
    db.session.flush()
    return next(one for one in _limits(record) if one["code"] == code.value)


def wrong_rule(actor: Actor, alert_id: UUID, why: str, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Keep that a rule is wrong for this person, and answer the limit to open: its range, who set it, since when.

    It changes no limit by itself and closes nothing: until somebody sets another limit, the rule goes on. Only limits
    that change this rule are named; `open` is None where none does.
    """
    opened = open_card(actor, alert_id)
    lead = next((one for one in opened.card.findings if one.public_id == alert_id), opened.card.lead)
    deed = Deed(
        "rule-doubted", "Said to be wrong for this person", {"rule": lead.rule, "note": why}, act="wrong-rule"
    )
    row = save(opened, if_version, change_id, deed, lambda: None)
    rule = rules().get(lead.rule)
    changing = limits_of(lead.rule)
    codes = [code.value for code in LIMITED if code in changing]
    record = opened.record
    limits = [] if record is None else [one for one in _limits(record) if one["code"] in codes]
    return {
        "row": row,
        "rule": {
            "name": lead.rule,
            "watches": codes,
            "source": rule.SOURCE if rule is not None else lead.judged_by,
        },
        "limits": limits,
        "open": {"patient": record.patient.public_id, "code": codes[0]}
        if record is not None and codes
        else None,
        "may_change": record is not None and record.may(Action.SET_LIMIT),
    }


def open_for(actor: Actor, patient_id: UUID, action: Action = Action.READ_RECORD) -> Record:
    """The record behind the door that the action asks for; only some roles may set a limit."""
    purpose = Purpose.TREAT if action is Action.SET_LIMIT else Purpose.CAREMGT
    return open_record(actor, patient_id, purpose, action)
