"""The rows of the access matrix of the caseload slice, which are too many for one file."""

from tests.contracts import check_in_rows, circle_rows, plan_rows, thread_rows

Row = tuple[int, ...]

# In the order of ACTORS: anonymous, four on the person's pages, nurse on caseload, off it, in no team, revoked.
TEAMS: Row = (401, 403, 403, 403, 403, 200, 200, 403, 401)
OWN: Row = (401, 403, 403, 403, 403, 200, 404, 404, 401)
# Asked at a version that is not the one that stands: who may change it is told so, and nothing changes.
STALE: Row = (401, 403, 403, 403, 403, 412, 404, 404, 401)
# Another role's: a nurse is refused as if there were no such record.
NOT_A_NURSE: Row = (401, 403, 403, 403, 403, 404, 404, 404, 401)
# Every member of staff, in a team or not.
STAFF_SELVES: Row = (401, 403, 403, 403, 403, 200, 200, 200, 401)
ADMINISTRATORS: Row = (401, 403, 403, 403, 403, 403, 403, 403, 401)

_CONSENT: dict[str, object] = {"monitoring": True, "how": "spoken"}
_WHY: dict[str, object] = {"why": "no more"}
_CAPACITY: dict[str, object] = {
    "decision": "d", "outcome": "has", "evidence": "e", "assessed_by": "a", "assessed_on": "2026-11-01",
    "review_on": "2027-11-01",
}  # fmt: skip
_PROXY: dict[str, object] = {
    "name": "n", "basis": "invitation", "decision": "d", "evidence": "e", "granted_by": "g",
    "review_on": "2027-11-01", "scopes": ["readings"],
}  # fmt: skip
_IDENTITY: dict[str, object] = {
    "nhs_number": "9990000018", "given_name": "a", "family_name": "b", "birth_date": "1950-01-01",
    "gender": "other", "checked_by": "asked",
}  # fmt: skip
_DOCUMENT: dict[str, object] = {
    "kind": "respect", "dated": "2026-01-01", "original_at": "o", "verified_by": "v",
    "verified_on": "2026-01-01",
}  # fmt: skip
_LINE: dict[str, object] = {"line_name": "l", "line_phone": "123", "reason": "why", "review_on": "2027-01-01"}
_PAUSE: dict[str, object] = {"kind": "pause", "until": "2026-12-01T00:00:00Z", "reason": "away"}
_CONTACTS: dict[str, object] = {"contacts": []}
_PATHWAYS: dict[str, object] = {"pathways": ["copd"]}

# path under /api/v1 -> what each is answered, and a body that can be used.
_JOINING: dict[str, dict[str, object]] = {
    "identity": _IDENTITY, "contacts": _CONTACTS, "needs": {}, "consent": _CONSENT, "facts": {},
    "pathways": _PATHWAYS, "board": {}, "register": {}, "kit": {"device": "d"}, "go-live": {},
    "decline": {"outcome": "declined", "reason": "other"},
}  # fmt: skip
_CARE: dict[str, dict[str, object]] = {
    "needs": {}, "contacts": _CONTACTS, "facts": {}, "capacity": _CAPACITY, "proxies": _PROXY,
    "proxies/<uuid:proxy_id>/end": _WHY, "pauses": _PAUSE, "pauses/<uuid:pause_id>/end": {},
    "pauses/<uuid:pause_id>/until": {"until": "2026-12-01T00:00:00Z"},
    "reviews": {"next_due": "2027-01-01"}, "documents": _DOCUMENT,
    "documents/<uuid:document_id>/end": _WHY, "pathways": _PATHWAYS, "go-live": {},
    "ending": {"reason": "wish"}, "death": {"died_on": "2026-11-01"}, "death/undo": _WHY,
}  # fmt: skip
_SIGNED: dict[str, dict[str, object]] = {
    "end-of-life": _LINE, "end-of-life/sign": {}, "end-of-life/stop": _WHY,
}  # fmt: skip
_STAFF: dict[str, dict[str, object]] = {
    "": {"display_name": "n", "role": "nurse"},
    "/teams": {"team_id": "8a0e4f0e-7b5c-4a53-9f0d-0d5f4a1c2b3e"},
    "/disable": {"why": "left"},
    "/enable": {},
}

VERSIONED: dict[str, dict[str, object]] = {
    **{f"/api/v1/joinings/<uuid:joining_id>/{path}": body for path, body in _JOINING.items()},
    **{f"/api/v1/patients/<uuid:patient_id>/{path}": body for path, body in (_CARE | _SIGNED).items()},
    **{f"/api/v1/staff/<uuid:staff_id>{path}": body for path, body in _STAFF.items()},
}
ROWS: dict[tuple[str, str], Row] = {
    **{("POST", f"/api/v1/joinings/<uuid:joining_id>/{path}"): STALE for path in _JOINING},
    **{("POST", f"/api/v1/patients/<uuid:patient_id>/{path}"): STALE for path in _CARE},
    **{("POST", f"/api/v1/patients/<uuid:patient_id>/{path}"): NOT_A_NURSE for path in _SIGNED},
    **{("POST", f"/api/v1/staff/<uuid:staff_id>{path}"): ADMINISTRATORS for path in _STAFF},
    ("POST", "/api/v1/pairing"): (422,) * 9,
    ("GET", "/api/v1/joinings"): TEAMS,
    ("POST", "/api/v1/joinings"): (*TEAMS[:5], 201, 201, *TEAMS[7:]),
    ("POST", "/api/v1/joinings/nhs-number"): TEAMS,
    ("GET", "/api/v1/joinings/pathways"): TEAMS,
    ("GET", "/api/v1/joinings/board-words"): TEAMS,
    ("GET", "/api/v1/joinings/<uuid:joining_id>"): OWN,
    ("GET", "/api/v1/caseload"): TEAMS,
    ("POST", "/api/v1/caseload/search"): TEAMS,
    ("GET", "/api/v1/patients/<uuid:patient_id>/care"): OWN,
    ("POST", "/api/v1/patients/<uuid:patient_id>/pairing-codes"): (*OWN[:5], 201, *OWN[6:]),
    ("GET", "/api/v1/staff"): ADMINISTRATORS,
    ("POST", "/api/v1/staff"): ADMINISTRATORS,
    ("POST", "/api/v1/staff/<uuid:staff_id>/pairing-codes"): ADMINISTRATORS,
    # A nurse sets their own; of nobody's way there is nothing to test.
    ("GET", "/api/v1/me/reach"): STAFF_SELVES,
    ("POST", "/api/v1/me/reach"): STAFF_SELVES,
    ("POST", "/api/v1/me/reach/test"): (*STAFF_SELVES[:5], 409, 409, 409, 401),
    ("GET", "/api/v1/staff/<uuid:staff_id>/reach"): ADMINISTRATORS,
    ("POST", "/api/v1/staff/<uuid:staff_id>/reach"): ADMINISTRATORS,
    ("GET", "/api/v1/organizations"): ADMINISTRATORS,
    ("POST", "/api/v1/organizations"): ADMINISTRATORS,
    ("POST", "/api/v1/organizations/<uuid:organization_id>/reach"): ADMINISTRATORS,
}
BODIES: dict[str, dict[str, object]] = {
    **VERSIONED,
    **check_in_rows.BODIES,
    **circle_rows.BODIES,
    **plan_rows.BODIES,
    **thread_rows.BODIES,
    "/api/v1/pairing": {},
    "/api/v1/me/reach": {},
    "/api/v1/me/reach/test": {},
    "/api/v1/staff/<uuid:staff_id>/reach": {},
    "/api/v1/organizations": {"kind": "gp-practice", "name": "n"},
    "/api/v1/organizations/<uuid:organization_id>/reach": {},
    "/api/v1/joinings": {},
    "/api/v1/joinings/nhs-number": {"nhs_number": "9990000018"},
    "/api/v1/caseload/search": {"q": "nobody"},
    "/api/v1/patients/<uuid:patient_id>/pairing-codes": {"for": "self"},
    "/api/v1/staff": {"display_name": "n", "role": "nurse", "username": "nobody-yet"},
    "/api/v1/staff/<uuid:staff_id>/pairing-codes": {},
}
# A draft that became the patient of the matrix, at a version that nobody names.
JOINING = """insert into joining (care_team_id, started_by, version, state, patient_id)
    select care_team_id, :by, 7, 'registered', :p from caseload where patient_id = :p returning public_id"""
