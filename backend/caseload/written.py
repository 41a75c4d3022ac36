"""Writes what was said of a person to their record, the same from a draft and from their own page."""

from collections.abc import Mapping
from typing import Any

from backend.access import care, proxies
from backend.access.record import Record
from backend.alerts.personal import set_limit
from backend.caseload.needed import keeping, packs_watched
from backend.core.errors import Conflict
from backend.observations.codes import Code
from backend.pathways import enrolling
from backend.pathways import service as pathways

Body = Mapping[str, Any]


def write_step(record: Record, step: str, said: Body, set_by: str) -> None:
    """Write one step, at whatever version the person is; a draft has a version of its own."""
    patient_id = record.patient.id
    row = care.touch(record, care.version_of(patient_id), f"change-{step}")
    if step == "contacts":
        write_contacts(row, said)
    elif step == "needs":
        care.set_needs(patient_id, said)
    elif step == "facts":
        write_facts(row, said)
    elif step == "pathways":
        write_pathways(record, said, set_by)


def write_contacts(row: care.PatientOf, said: Body) -> None:
    """Whether they live alone and whom to ring, whole; raises Invalid "still-needed"."""
    keeping(
        row,
        lambda: care.set_contacts(row, said["lives_alone"], said["key_safe_reference"], said["contacts"]),
    )


def write_facts(row: care.PatientOf, said: Body) -> None:
    """Facts that drive rules, whole; raises Invalid "still-needed"."""
    keeping(row, lambda: care.set_facts(row, stored(said)))


def write_consent(record: Record, said: Body) -> None:
    """Capacity, who may act, and that the person agreed."""
    if said["capacity"] is not None:
        proxies.add_capacity(record, said["capacity"])
    for one in said["proxies"]:
        proxies.add_proxy(record, one)


def write_pathways(record: Record, said: Body, set_by: str) -> None:
    """Pathways to wait for, this person's own targets, and what was chosen where pathways differ.

    Raises Conflict "live-limits" for targets of somebody who is watched: those are tried on their readings first.
    """
    patient_id = record.patient.id
    if said["limits"] and packs_watched(patient_id):
        raise Conflict(
            "live-limits",
            "This person is watched already. Change their limits on the alert card or on the page of their limits,"
            " where it shows what would have changed in the last 90 days.",
        )
    enrolling.enrol(patient_id, said["pathways"])
    for one in said["limits"]:
        set_limit(patient_id, Code(one["code"]), one["low"], one["high"], set_by=set_by, reason=one["reason"])
    for one in said["choices"]:
        pathways.choose_parameter(
            patient_id, one["rule"], one["name"], one["value"], chosen_by=set_by, reason=one["reason"]
        )


def stored(facts: Body) -> dict[str, Any]:
    """Facts as `patient.facts` keeps them: quantities in writing, so that no digit is lost."""
    return {
        name: value if value is None or isinstance(value, bool) else str(value)
        for name, value in facts.items()
    }
