"""What every route answers to each kind of actor, and what is sent to ask: the table of the access matrix."""

from urllib.parse import urlencode
from uuid import uuid4

from tests.contracts import people_rows

OPEN = (200,) * 9
# One status an actor, in the order of ACTORS; {patient} and {alert} are the patient's own.
MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("POST", "/api/v1/session"): (422,) * 9,
    ("GET", "/api/v1/session"): (401, 200, 200, 200, 200, 200, 200, 200, 401),
    ("DELETE", "/api/v1/session"): (401, 204, 204, 204, 204, 204, 204, 204, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/home"): (401, 200, 404, 200, 404, 403, 403, 403, 401),
    # A worry needs no scope: whoever stands by the person may say it.
    ("POST", "/api/v1/patients/<uuid:patient_id>/concern"): (401, 201, 404, 201, 201, 403, 403, 403, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/series"): (401, 200, 404, 200, 404, 200, 404, 404, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/record"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("GET", "/api/v1/worklist"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("POST", "/api/v1/alerts/<uuid:alert_id>/claim"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("POST", "/api/v1/alerts/<uuid:alert_id>/close"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("POST", "/api/v1/alerts/<uuid:alert_id>/responders"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    # Asked after the claim, at the version before it: who may act is told what stands, and nothing changes.
    **{
        ("POST", f"/api/v1/alerts/<uuid:alert_id>/{what}"): (401, 403, 403, 403, 403, 412, 404, 404, 401)
        for what in (
            "accept",
            "contact",
            "note",
            "message",
            "snooze",
            "recheck",
            "recheck/done",
            "wrong-rule",
            "undo",
        )
    },
    ("GET", "/api/v1/alerts/<uuid:alert_id>"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("GET", "/api/v1/alerts/<uuid:alert_id>/custody"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("GET", "/api/v1/colleagues"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/handovers"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("POST", "/api/v1/handovers"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/limits"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("POST", "/api/v1/patients/<uuid:patient_id>/limits/rehearsal"): (
        401,
        403,
        403,
        403,
        403,
        200,
        404,
        404,
        401,
    ),
    # Allowed, and then asked to look at the rehearsal, or which reading.
    ("POST", "/api/v1/patients/<uuid:patient_id>/limits"): (401, 403, 403, 403, 403, 412, 404, 404, 401),
    ("GET", "/api/v1/patients/<uuid:patient_id>/readings/custody"): (
        401,
        403,
        403,
        403,
        403,
        422,
        404,
        404,
        401,
    ),
    ("GET", "/api/v1/patients/<uuid:patient_id>/desk-messages"): (
        401,
        200,
        404,
        200,
        404,
        403,
        403,
        403,
        401,
    ),
    ("GET", "/api/v1/kit"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("POST", "/api/v1/kit"): (401, 403, 403, 403, 403, 201, 201, 403, 401),
    ("POST", "/api/v1/kit/search"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/kit/people"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/kit/recall"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/kit/certified-firmware"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("POST", "/api/v1/kit/certified-firmware"): (401, 403, 403, 403, 403, 201, 201, 403, 401),
    ("GET", "/api/v1/kit/<uuid:kit_id>"): (401, 403, 403, 403, 403, 200, 404, 404, 401),
    ("POST", "/api/v1/kit/<uuid:kit_id>/claim-codes"): (401, 403, 403, 403, 403, 201, 404, 404, 401),
    # Asked at a version that is not the piece's: who may change it is told what stands, and nothing changes.
    **{
        ("POST", f"/api/v1/kit/<uuid:kit_id>/{change}"): (401, 403, 403, 403, 403, 412, 404, 404, 401)
        for change in (
            "facts",
            "state",
            "move",
            "route",
            "installation",
            "rotate",
            "revoke",
            "wearers",
            "hand-over",
            "wearers/<uuid:binding_id>/end",
            "wearers/<uuid:binding_id>/dates",
        )
    },
    # A device's own door asks for a code and not for who it is; without one it says what is missing.
    ("POST", "/device/claim"): (422,) * 9,
    ("GET", "/api/v1/kit/<uuid:kit_id>/config"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    ("POST", "/api/v1/kit/<uuid:kit_id>/config"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    ("GET", "/api/v1/quarantine"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/quarantine/<uuid:message_id>"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    ("POST", "/api/v1/quarantine/<uuid:message_id>/people"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    # Allowed, and then refused for want of consent.
    ("POST", "/api/v1/quarantine/<uuid:message_id>/attribution"): (
        401,
        403,
        403,
        403,
        403,
        422,
        404,
        403,
        401,
    ),
    # What is tried again shows nobody's values; which device a void asks for is checked behind the door.
    ("POST", "/api/v1/quarantine/replays"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/quarantine/replays/<uuid:replay_id>"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("POST", "/api/v1/quarantine/<uuid:message_id>/set-aside"): (401, 403, 403, 403, 403, 204, 404, 403, 401),
    ("GET", "/api/v1/quarantine/voids/preview"): (401, 403, 403, 403, 403, 404, 404, 403, 401),
    ("GET", "/api/v1/quarantine/voids/difference"): (401, 403, 403, 403, 403, 404, 404, 403, 401),
    ("POST", "/api/v1/quarantine/voids"): (401, 403, 403, 403, 403, 404, 404, 403, 401),
    ("GET", "/api/v1/corrections"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/corrections/<uuid:correction_id>"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    ("GET", "/api/v1/corrections/<uuid:correction_id>/difference"): (
        401,
        403,
        403,
        403,
        403,
        200,
        404,
        403,
        401,
    ),
    ("POST", "/api/v1/corrections/<uuid:correction_id>/undo"): (401, 403, 403, 403, 403, 200, 404, 403, 401),
    ("GET", "/api/v1/rota"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    ("GET", "/api/v1/rota/now"): (401, 403, 403, 403, 403, 200, 200, 403, 401),
    # A nurse reads it; a team lead or the duty manager changes it (tests/escalation/test_rota.py).
    ("POST", "/api/v1/rota"): (401, 403, 403, 403, 403, 403, 403, 403, 401),
    ("DELETE", "/api/v1/rota/<uuid:shift_id>"): (401, 403, 403, 403, 403, 403, 403, 403, 401),
    ("GET", "/api/v1/push/key"): OPEN,
    ("POST", "/api/v1/push/subscription"): (401, 200, 200, 200, 200, 200, 200, 200, 401),
    # Allowed, and then asked which browser.
    ("DELETE", "/api/v1/push/subscription"): (401, 422, 422, 422, 422, 422, 422, 422, 401),
    **people_rows.ROWS,
    ("GET", "/api/v1/stream"): (401, 200, 200, 200, 200, 200, 200, 200, 401),
    ("GET", "/health"): OPEN,
    ("GET", "/api/openapi.json"): OPEN,
    ("GET", "/api/docs"): OPEN,
    ("GET", "/api/docs.css"): OPEN,
    # The pages themselves hold nobody's data; the build is not there in this test.
    ("GET", "/"): (404,) * 9,
    ("GET", "/<path:path>"): (404,) * 9,
}
PERIOD = {"device": "none-of-this-name", "from_at": "2026-11-01T00:00:00Z", "to_at": "2026-11-02T00:00:00Z"}
QUERIES = {
    "/quarantine/voids/preview": "?" + urlencode(PERIOD),
    "/quarantine/voids/difference": "?" + urlencode(PERIOD),
    "/corrections": "?device=none-of-this-name",
}
BODIES: dict[str, dict[str, object]] = {
    "close": {"outcome": "advice", "note": None, "confirm": True},
    "contact": {"to": "person", "how": "call", "result": "reached"},
    "note": {"note": "x"},
    "message": {"words": "x"},
    "snooze": {"minutes": 5, "why": "x"},
    "recheck": {"by": "2099-01-01T00:00:00Z", "why": "x"},
    "done": {},
    "wrong-rule": {"why": "x"},
    "handovers": {"team": True, "cards": [{"id": str(uuid4()), "version": 1}]},
    "rehearsal": {"code": "spo2", "low": "88", "high": "92"},
    "limits": {"code": "spo2", "low": "88", "high": "92", "reason": "x", "rehearsal": "not shown"},
    "claim": {},
    "responders": {"who": "nurse", "name": "Call sign 7"},
    "config": {"hb_s": 600},
    "kit": {"kind": "scale"},
    "certified-firmware": {"model": "m", "firmware": "1"},
    "claim-codes": {"code": None},
    "state": {"to": "live"},
    "move": {"address": "1 Test Row"},
    "route": {"name": "Test centre", "phone": "1", "answers_24_hours": True},
    "installation": {"step": "signal", "outcome": "proved"},
    "revoke": {"reason": "lost"},
    "wearers": {"patient_id": str(uuid4())},
    "hand-over": {"patient_id": str(uuid4())},
    "set-aside": {"reason": "not-needed"},
    "rota": {
        "role": "on-call",
        "practitioner_id": str(uuid4()),
        "from": "2026-11-23T20:00:00Z",
        "to": "2026-11-24T08:00:00Z",
    },
    "subscription": {
        "endpoint": "https://fcm.googleapis.com/fcm/send/nobody",
        "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        },
    },
    "replays": {},
    "voids": {**PERIOD, "reason": "faulty", "messages": 1},
    "undo": {"reason": "not faulty"},
}
