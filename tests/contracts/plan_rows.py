"""The rows of the access matrix of plans, reminders and feedback, which are many for one file."""

Row = tuple[int, ...]

# In the order of ACTORS: anonymous, four on the person's pages, nurse on caseload, off it, in no team, revoked.
# The matrix's "carer in scope" sees readings and alerts; the one "out of scope" has the plan alone.
PLAN: Row = (401, 200, 404, 404, 200, 200, 404, 404, 401)
# Allowed, and then told that there is no such part of a plan.
NO_PART: Row = tuple(422 if status == 200 else status for status in PLAN)
MADE: Row = tuple(201 if status == 200 else status for status in PLAN)
# A carer signs for nobody, and a nurse signs no plan.
SIGNED: Row = (401, 422, 404, 404, 403, 404, 404, 404, 401)
CLINICIANS: Row = (401, 403, 403, 403, 403, 404, 404, 404, 401)
ALONE: Row = (401, 200, 404, 404, 404, 403, 403, 403, 401)
# Asked at a version that is not the one that stands.
STALE: Row = tuple(412 if status == 200 else status for status in ALONE)
PANEL: Row = (401, 403, 403, 403, 403, 200, 200, 403, 401)
OWNERS: Row = (401, *(403,) * 7, 401)

_PATIENT = "/api/v1/patients/<uuid:patient_id>"
_SECTION = f"{_PATIENT}/plan/sections/<string:key>"
ROWS: dict[tuple[str, str], Row] = {
    ("GET", f"{_PATIENT}/plan"): PLAN,
    ("GET", f"{_PATIENT}/plan/history"): PLAN,
    ("GET", "/api/v1/plans/waiting"): PANEL,
    ("PUT", _SECTION): NO_PART,
    ("POST", f"{_SECTION}/agree"): SIGNED,
    ("POST", f"{_PATIENT}/plan/proposals/<uuid:proposal_id>/settle"): CLINICIANS,
    ("PUT", f"{_PATIENT}/goals/<uuid:goal_id>"): MADE,
    ("PUT", f"{_PATIENT}/todo/<uuid:task_id>"): PLAN,
    ("POST", f"{_PATIENT}/todo/<uuid:task_id>/ticks"): PLAN,
    ("GET", f"{_PATIENT}/reminders"): ALONE,
    ("PUT", f"{_PATIENT}/reminders"): STALE,
    ("POST", f"{_PATIENT}/feedback"): (401, 201, 404, 404, 201, 403, 403, 403, 401),
    ("GET", f"{_PATIENT}/suggestions"): (401, 200, 404, 200, 404, 403, 403, 403, 401),
    ("GET", "/api/v1/suggestions"): OWNERS,
    ("POST", "/api/v1/suggestions/<uuid:suggestion_id>/answer"): OWNERS,
}
BODIES: dict[str, dict[str, object]] = {
    _SECTION: {"body": {"text": "x"}},
    f"{_PATIENT}/plan/proposals/<uuid:proposal_id>/settle": {"how": "accept"},
    f"{_PATIENT}/goals/<uuid:goal_id>": {"text": "x"},
    f"{_PATIENT}/todo/<uuid:task_id>": {"text": "x"},
    f"{_PATIENT}/todo/<uuid:task_id>/ticks": {"day": "2026-11-01", "done": True},
    f"{_PATIENT}/reminders": {
        "readings": True, "check_ins": True, "medicines": True, "quiet_from": "21:00", "quiet_to": "08:00",
        "channel": "sms",
    },
    f"{_PATIENT}/feedback": {"about": "plan", "helpful": True},
    "/api/v1/suggestions/<uuid:suggestion_id>/answer": {"asked": "what", "answer": "that"},
}  # fmt: skip
# Edits that name the version seen; a goal or a thing to do names one only when it was there.
VERSIONED = {
    f"{method} {rule}".replace("<uuid:", "{").replace("<string:", "{").replace(">", "}")
    for method, rule in (
        ("PUT", _SECTION),
        ("POST", f"{_SECTION}/agree"),
        ("POST", f"{_PATIENT}/plan/proposals/<uuid:proposal_id>/settle"),
        ("PUT", f"{_PATIENT}/reminders"),
        ("POST", "/api/v1/suggestions/<uuid:suggestion_id>/answer"),
    )
}
# Something the patient of the matrix has to do.
TASK = """insert into plan_task (patient_id, kind, text) values (:p, 'action', 'x') returning public_id"""
