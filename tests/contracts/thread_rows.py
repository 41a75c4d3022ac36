"""The rows of the access matrix of conversations, which are many for one file."""

Row = tuple[int, ...]

# In the order of ACTORS: anonymous, four on the person's pages, nurse on caseload, off it, in no team, revoked. Neither
# carer of the matrix was let see messages.
SEEN: Row = (401, 200, 404, 404, 404, 200, 404, 404, 401)
# Asked about a message that is not there, or at a version that is not the one that stands.
NO_MESSAGE: Row = (401, *(404,) * 7, 401)
STALE: Row = (401, 403, 403, 403, 403, 412, 404, 404, 401)
TEAMS: Row = (401, 403, 403, 403, 403, 200, 200, 403, 401)

_THREADS = "/api/v1/patients/<uuid:patient_id>/threads"
_KIND = f"{_THREADS}/<any(team, practice):kind>"
ROWS: dict[tuple[str, str], Row] = {
    ("GET", _THREADS): SEEN,
    ("GET", _KIND): SEEN,
    ("PUT", f"{_KIND}/messages/<uuid:message_id>"): SEEN,
    ("POST", f"{_KIND}/read"): NO_MESSAGE,
    ("POST", f"{_KIND}/take"): STALE,
    ("POST", f"{_KIND}/no-reply-needed"): STALE,
    ("GET", "/api/v1/threads"): TEAMS,
    ("POST", "/api/v1/threads/received"): tuple(204 if status == 200 else status for status in TEAMS),
}
ROWS["GET", "/api/v1/organizations/promises"] = (401, *(403,) * 7, 401)
ROWS["POST", "/api/v1/organizations/<uuid:organization_id>/promise"] = (401, *(403,) * 7, 401)
_ID = "8a0e4f0e-7b5c-4a53-9f0d-0d5f4a1c2b3e"
BODIES: dict[str, dict[str, object]] = {
    f"{_KIND}/messages/<uuid:message_id>": {"words": "hello"},
    f"{_KIND}/read": {"upto": _ID},
    f"{_KIND}/no-reply-needed": {"why": "w", "seen": _ID},
    "/api/v1/organizations/<uuid:organization_id>/promise": {"working_days": 2, "said_on": "2026-11-01"},
    "/api/v1/threads/received": {"messages": [_ID]},
}
# Behind a door that is open, and not there: nobody was refused.
NOT_THERE = frozenset({("self", f"{_KIND}/read"), ("nurse on caseload", f"{_KIND}/read")})
# As the OpenAPI document writes them.
VERSIONED = frozenset(
    f"POST /api/v1/patients/{{patient_id}}/threads/{{kind}}/{what}" for what in ("take", "no-reply-needed")
)
