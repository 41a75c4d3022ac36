"""The caseload as a list: who is watched and who is not, whose review is due, how old the last reading is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import OpenPatient, Panel, open_panel
from backend.alerts.personal import open_counts
from backend.caseload import leavings, reviews
from backend.caseload.joined import STATUSES, status_of
from backend.caseload.models import Joining
from backend.core.db import db
from backend.core.http import Actor
from backend.observations import service as observations
from backend.pathways import enrolling, pauses
from backend.pathways import service as pathways

Row = dict[str, Any]
ALL_STATUSES = (*STATUSES, "ended")


def page(actor: Actor, status: str | None, q: str = "") -> Row:
    """Everybody this actor's teams look after, in order of name; every row says whether somebody watches."""
    panel = open_panel(actor)
    rows = _rows(panel)
    shown = [row for row in rows if status in (None, row["status"]) and _matches(row, q)]
    return {
        "as_of": access.database_time(),
        "counts": [
            {"status": one, "count": sum(row["status"] == one for row in rows)} for one in ALL_STATUSES
        ],
        "rows": sorted(shown, key=lambda row: str(row["patient"]["display_name"]).casefold()),
    }


def _matches(row: Row, q: str) -> bool:
    wanted = q.casefold().split()
    person = row["patient"]
    said = f"{person['display_name']} {person['nhs_number']}".casefold()
    number = q.replace(" ", "")
    return (number.isdigit() and number in person["nhs_number"]) or all(word in said for word in wanted)


def _rows(panel: Panel) -> list[Row]:
    """One row a person, in a number of statements that does not grow with the list."""
    ids = list(panel.patients)
    today = access.database_time().date()
    statuses, enrolled = enrolling.statuses_of(ids), pathways.enrolments_for(ids)
    latest, off, due = observations.latest(ids), pauses.pauses_for(ids), reviews.due(ids)
    died, joining = leavings.died(ids), _joining_of(ids)
    open_of = open_counts(ids)
    shown = []
    for id_, patient in panel.patients.items():
        status = status_of(statuses.get(id_, ()))
        shown.append(
            {
                "patient": _who(patient), "status": status, "monitored": status == "live",
                "died_on": died.get(id_),
                "pathways": [one.pack.title for one in enrolled.get(id_, ())],
                "last_reading_at": max(
                    (one.reading.effective_at for one in latest.get(id_, {}).values()), default=None
                ),
                "pause": _pause(off.get(id_, ())), "open_alerts": open_of.get(id_, 0),
                "joining_id": joining.get(id_), **_review(due.get(id_), today),
            }
        )  # fmt: skip
    return shown


def _who(patient: OpenPatient) -> Row:
    return {
        "id": patient.public_id, "display_name": patient.display_name, "birth_date": patient.birth_date,
        "nhs_number": patient.nhs_number,
    }  # fmt: skip


def _review(due: date | None, today: date) -> Row:
    return {"review_due": due, "review_overdue": due is not None and due < today}


def _pause(spans: Sequence[pauses.PauseSpan]) -> Mapping[str, str | datetime] | None:
    """The pause that stands now; every pause says when it ends."""
    now = next((one for one in spans if one.is_now), None)
    return None if now is None else {"kind": now.kind, "until": now.end}


def _joining_of(patient_ids: Sequence[int]) -> dict[int, Any]:
    """The draft that is not finished, for who is here and not live yet."""
    rows = db.session.execute(
        select(Joining.patient_id, Joining.public_id).where(
            Joining.patient_id.in_(list(patient_ids)), Joining.closed_at.is_(None)
        )
    )
    return {row.patient_id: row.public_id for row in rows}
