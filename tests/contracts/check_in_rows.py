"""The rows of the access matrix of check-ins, typed readings and the year, which are many for one file."""

Row = tuple[int, ...]

# In the order of ACTORS: anonymous, four on the person's pages, nurse on caseload, off it, in no team, revoked.
SEEN: Row = (401, 200, 404, 200, 404, 200, 404, 404, 401)
AT_HOME: Row = (401, 200, 404, 200, 404, 403, 403, 403, 401)
# The carer in scope sees readings and alerts, and may add nothing.
ANSWERED: Row = (401, 200, 404, 404, 404, 403, 403, 403, 401)
ADDED: Row = (401, 201, 404, 404, 404, 403, 403, 403, 401)

ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/api/v1/questionnaires"): (401, *(200,) * 7, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/check-ins"): SEEN,
    ("GET", "/api/v1/patients/<uuid:patient_id>/check-ins/<uuid:response_id>"): SEEN,
    ("POST", "/api/v1/patients/<uuid:patient_id>/check-ins/<uuid:response_id>"): ANSWERED,
    ("POST", "/api/v1/patients/<uuid:patient_id>/readings"): ADDED,
    ("GET", "/api/v1/patients/<uuid:patient_id>/year"): AT_HOME,
}
BODIES: dict[str, dict[str, object]] = {
    "/api/v1/patients/<uuid:patient_id>/check-ins/<uuid:response_id>": {
        "questionnaire": "copd", "version": "1", "answers": {}, "state": "draft",
    },
    "/api/v1/patients/<uuid:patient_id>/readings": {
        "kind": "pulse", "values": {"pulse": "72"}, "effective_at": "2026-11-01T08:00:00Z",
    },
}  # fmt: skip
# A check-in that the patient of the matrix began.
RESPONSE = """insert into questionnaire_response (patient_id, questionnaire, questionnaire_version, state)
    values (:p, 'copd', '1', 'draft') returning public_id"""
