"""One person's care over HTTP: needs, contacts, facts, who decides, pauses, reviews, and how it ends."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app
from marshmallow import Schema, fields, validate

from backend.access import documents, pairing, proxies
from backend.access.care import PatientOf, touch
from backend.access.pairing import Owner
from backend.access.record import Action, Purpose, Record, open_record
from backend.alerts import service as alerts
from backend.caseload import answers, care, leavings, registering, reviews, schemas
from backend.caseload.routes import blp
from backend.core.http import Answer, current_actor, idempotency_key
from backend.core.routes import Instant
from backend.pathways import pauses

Body = dict[str, Any]
Write = Callable[[Record, PatientOf, Body], None]


class WhySchema(Schema):
    """Why."""

    why = schemas.words(300, least=3)


class NothingSchema(Schema):
    """Nothing to say."""


class PauseEndSchema(Schema):
    """Whether somebody came home from hospital: then what is usual is learnt anew."""

    discharged = fields.Boolean(load_default=False)


class PauseUntilSchema(Schema):
    """When it ends instead."""

    until = Instant(required=True)


class ReviewDoneSchema(Schema):
    """That somebody was reviewed, and when next."""

    note = fields.String(load_default="", validate=validate.Length(0, 1000))
    next_due = fields.Date(required=True)


class EndingSchema(Schema):
    """Why the monitoring ends."""

    reason = schemas.one_of("goals-reached", "wish", "moved-away", "care-home", "not-suitable", "other")
    note = fields.String(load_default="", validate=validate.Length(0, 500))


class DeathSchema(Schema):
    """On which day."""

    died_on = fields.Date(required=True)
    note = fields.String(load_default="", validate=validate.Length(0, 500))


class PairingForSchema(Schema):
    """For the person, or for somebody who may act for them."""

    for_ = fields.String(
        data_key="for", required=True, metadata={"description": "self, or the id of a proxy."},
        validate=validate.Regexp(r"^(self|[0-9a-fA-F-]{36})$"),
    )  # fmt: skip


@blp.get("/patients/<uuid:patient_id>/care", audience="team", answers=answers.CareSchema)
def read_care(patient_id: UUID) -> Answer:
    """One person's care, whole."""
    return _whole(care.read(current_actor(), patient_id))


def _whole(row: Body) -> Answer:
    return Answer(row, version=row["version"])


def _part(
    path: str, body: type[Schema], what: str, write: Write, words: str,
    action: Action = Action.CHANGE_CARE,
) -> None:  # fmt: skip
    """Route a change of one part of somebody's care, which answers the page as it then is."""

    def save(patient_id: UUID, if_version: int, body: Body, **more: UUID) -> Answer:
        said, actor = body | more, current_actor()

        def written(record: Record, row: PatientOf) -> None:
            write(record, row, said)

        return _whole(care.change(actor, patient_id, if_version, what, written, action))

    save.__name__ = f"save_{path.strip('/').replace('/', '_').replace('-', '_').translate(_PLAIN)}"
    save.__doc__ = words
    blp.post(
        f"/patients/<uuid:patient_id>{path}", audience="team", body=body, answers=answers.CareSchema,
        repeatable=True, versioned=True,
    )(save)  # fmt: skip


_PLAIN = str.maketrans({"<": None, ">": None, ":": "_"})

_part("/needs", schemas.NeedsSchema, "change-needs", care.write_needs,
      "Write how somebody is understood and reached, whole.")  # fmt: skip
_part("/contacts", schemas.ContactsSchema, "change-contacts", care.write_contacts,
      "Write whom to ring, whole and in order.")  # fmt: skip
_part("/facts", schemas.FactsSchema, "change-facts", care.write_facts,
      "Write the facts that change what a value means, whole.")  # fmt: skip
_part("/capacity", schemas.CapacitySchema, "assess-capacity",
      lambda record, _, said: proxies.add_capacity(record, said),
      "Record whether the person could make a decision.")  # fmt: skip
_part("/proxies", schemas.ProxySchema, "add-proxy",
      lambda record, _, said: _ignore(proxies.add_proxy(record, said)),
      "Let somebody act for the person, on a named ground.")  # fmt: skip
_part("/proxies/<uuid:proxy_id>/end", WhySchema, "end-proxy",
      lambda record, _, said: proxies.end_proxy(record, said["proxy_id"]),
      "Withdraw that somebody may act for the person.")  # fmt: skip
_part("/pauses", schemas.PauseAskedSchema, "pause",
      lambda record, _, said: pauses.begin_pause(
          record, said["kind"], said["since"], said["until"], said["reason"]),
      "Turn the person's readings off for a time that ends; household alarms go on.")  # fmt: skip
_part("/pauses/<uuid:pause_id>/end", PauseEndSchema, "end-pause",
      lambda record, _, said: pauses.end_pause(record, said["pause_id"], discharged=said["discharged"]),
      "End a pause now, or call off one that is planned.")  # fmt: skip
_part("/pauses/<uuid:pause_id>/until", PauseUntilSchema, "move-pause",
      lambda record, _, said: pauses.move_end(record, said["pause_id"], said["until"]),
      "Let a pause end earlier or later.")  # fmt: skip
_part("/reviews", ReviewDoneSchema, "review",
      lambda record, _, said: reviews.done(record, said["note"], said["next_due"]),
      "Write that the person was reviewed, and when next.")  # fmt: skip
_part("/documents", schemas.DocumentSchema, "add-document",
      lambda record, _, said: documents.add_document(record, said),
      "Note that a ReSPECT form or another plan exists, and where: a pointer, never an order.")  # fmt: skip
_part("/documents/<uuid:document_id>/end", WhySchema, "end-document",
      lambda record, _, said: documents.end_document(record, said["document_id"], said["why"]),
      "Note that a document stands no more.")  # fmt: skip
_part("/end-of-life", schemas.LineSchema, "propose-end-of-life",
      lambda record, _, said: documents.propose_plan(record, said),
      "The first signature under an end-of-life plan; nothing changes until the second.", Action.SIGN_PLAN)  # fmt: skip
_part("/end-of-life/sign", NothingSchema, "sign-end-of-life",
      lambda record, row, _: documents.sign_plan(record, row),
      "The second signature: vital-sign rules end, and 999 words give way to the palliative line.",
      Action.SIGN_PLAN)  # fmt: skip
_part("/end-of-life/stop", WhySchema, "stop-end-of-life",
      lambda record, row, said: documents.stop_plan(record, row, said["why"]),
      "End the plan: everything is as for everybody else again.", Action.SIGN_PLAN)  # fmt: skip
_part("/pathways", schemas.PathwaysSchema, "change-pathways",
      care.write_more_pathways,
      "Pathways to wait for, with the person's own targets.", Action.SET_LIMIT)  # fmt: skip
_part("/go-live", NothingSchema, "go-live",
      lambda record, _, __: registering.set_live(record),
      "Watch the person on the pathways they wait for; 412 with every reason why not.")  # fmt: skip
_part("/death", DeathSchema, "note-death",
      lambda record, _, said: leavings.note_death(
          record, said["died_on"], said["note"], idempotency_key()),
      "Somebody has died: every message to them stops, alerts close, GP and alarm centre are told.")  # fmt: skip
_part("/death/undo", WhySchema, "undo-death",
      lambda record, _, said: leavings.undo_death(record, said["why"]),
      "Take it back: watched as before.")  # fmt: skip


def _ignore(_: object) -> None:
    """A change answers the page and not what it made."""


@blp.post(
    "/patients/<uuid:patient_id>/ending", audience="team", body=EndingSchema, answers=answers.EndedSchema,
    repeatable=True, versioned=True,
)  # fmt: skip
def end(patient_id: UUID, if_version: int, body: Body) -> Body:
    """End the monitoring; 412 with what is open. Everybody is told from when nobody watches."""
    # Cards before the audit, as everybody takes them.
    alerts.lock_cards_of([patient_id])
    record = open_record(current_actor(), patient_id, Purpose.CAREMGT, Action.CHANGE_CARE)
    touch(record, if_version, "end-monitoring")
    return leavings.end(record, body["reason"], body["note"], idempotency_key())


# Not repeatable: a stored answer would be a second place where the code stands.
@blp.post(
    "/patients/<uuid:patient_id>/pairing-codes", audience="team", body=PairingForSchema,
    answers=answers.PairingCodeSchema, status=201,
)  # fmt: skip
def make_pairing_code(patient_id: UUID, body: Body) -> Body:
    """A one-time code to pair a phone: ten minutes, one use, shown this once."""
    actor = current_actor()
    record = open_record(actor, patient_id, Purpose.CAREMGT, Action.CHANGE_CARE)
    if body["for_"] == "self":
        owner = Owner(patient_id=record.patient.id)
    else:
        owner = Owner(related_person_id=proxies.related_person_of(record, UUID(body["for_"])))
    return code_answer(*pairing.make_code(actor, owner), "/pair")


def code_answer(code: str, expires_at: object, path: str) -> Body:
    """A code, and the address a QR holds: the code stands after #, which no server and no log sees."""
    address = f"{str(current_app.config['PUBLIC_URL']).rstrip('/')}{path}#{code.replace('-', '')}"
    return {"code": code, "expires_at": expires_at, "link": address}
