"""The rows of the access matrix of phones, of their outbox and of a person's circle, which are many for one file."""

Row = tuple[int, ...]

# In the order of ACTORS: anonymous, four on the person's pages, nurse on caseload, off it, in no team, revoked.
EVERYBODY: Row = (200,) * 9
MALFORMED: Row = (422,) * 9
PERSONS: Row = (401, 200, 200, 200, 200, 403, 403, 403, 401)
TEAMS_OWN: Row = (401, 403, 403, 403, 403, 200, 404, 404, 401)
# The person's alone, whatever a helper was let see.
ALONE: Row = (401, 200, 404, 404, 404, 403, 403, 403, 401)
# Whoever helps, by whatever scope.
AROUND: Row = (401, 200, 404, 200, 200, 403, 403, 403, 401)
NOWHERE: Row = (401, 404, 404, 404, 404, 403, 403, 403, 401)


def _quietly(row: Row) -> Row:
    return tuple(204 if status == 200 else status for status in row)


_PATIENT = "/api/v1/patients/<uuid:patient_id>"
ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/api/v1/outbox/key"): EVERYBODY,
    ("POST", "/api/v1/outbox/sealed"): MALFORMED,
    ("POST", "/api/v1/outbox/known"): PERSONS,
    ("GET", "/api/v1/outbox/held"): PERSONS,
    ("POST", "/api/v1/outbox/held/<uuid:change_id>/settle"): tuple(422 if s == 200 else s for s in PERSONS),
    ("GET", "/api/v1/phones"): PERSONS,
    ("POST", "/api/v1/phones/<uuid:phone_id>/revoke"): tuple(404 if s == 200 else s for s in PERSONS),
    ("POST", "/api/v1/phones/wiped"): (403,) * 9,
    ("GET", f"{_PATIENT}/phones"): TEAMS_OWN,
    ("POST", f"{_PATIENT}/phones/<uuid:phone_id>/revoke"): (401, 403, 403, 403, 403, 404, 404, 404, 401),
    ("GET", f"{_PATIENT}/circle"): AROUND,
    ("GET", f"{_PATIENT}/looked"): ALONE,
    ("PUT", f"{_PATIENT}/invitations/<uuid:invitation_id>"): ALONE,
    ("POST", f"{_PATIENT}/invitations/<uuid:invitation_id>/withdraw"): NOWHERE,
    ("PUT", f"{_PATIENT}/people/<uuid:helper_id>"): NOWHERE,
    ("POST", f"{_PATIENT}/people/<uuid:helper_id>/end"): NOWHERE,
    ("POST", f"{_PATIENT}/hand-back"): (401, 404, 404, 204, 204, 403, 403, 403, 401),
    ("GET", f"{_PATIENT}/photo"): _quietly(AROUND),
    ("PUT", f"{_PATIENT}/photo"): _quietly(ALONE),
    ("DELETE", f"{_PATIENT}/photo"): _quietly(ALONE),
    ("POST", "/api/v1/invitation"): MALFORMED,
    ("POST", "/api/v1/invitation/accept"): MALFORMED,
}
# A picture of one pixel.
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
BODIES: dict[str, dict[str, object]] = {
    "/api/v1/outbox/sealed": {},
    "/api/v1/outbox/known": {"ids": []},
    "/api/v1/outbox/held/<uuid:change_id>/settle": {},
    f"{_PATIENT}/invitations/<uuid:invitation_id>": {
        "for_name": "n",
        "relation": "r",
        "scopes": ["readings"],
    },
    f"{_PATIENT}/people/<uuid:helper_id>": {"scopes": ["readings"]},
    f"{_PATIENT}/photo": {"jpeg": _PIXEL},
    "/api/v1/invitation": {},
    "/api/v1/invitation/accept": {},
}
# What is looked for behind a door that is open, and is not there: nobody was refused.
NOT_THERE = frozenset(
    {("self", rule) for _, rule in ROWS if "<uuid:invitation_id>/" in rule or "<uuid:helper_id>" in rule}
    | {(actor, "/api/v1/phones/<uuid:phone_id>/revoke")
       for actor in ("self", "other patient", "carer in scope", "carer out of scope")}
)  # fmt: skip
# Each takes away what the rows after it ask with, so these come last, in this order.
LAST = (("POST", f"{_PATIENT}/hand-back"), ("DELETE", "/api/v1/session"))
