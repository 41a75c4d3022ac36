"""What a desk does with one card, over HTTP; every change at the version seen, 412 with the row when it is another."""

from typing import Any
from uuid import UUID

from backend.core.errors import Invalid
from backend.core.http import current_actor
from backend.desk import action_schemas as said
from backend.desk import claiming, closing, contacts, custody, facts, limits, snoozing, undoing
from backend.desk.more_schemas import AlertCustodySchema, WrongRuleSchema
from backend.desk.routes import act, asked, blp
from backend.desk.schemas import RowSchema


@blp.get(
    "/alerts/<uuid:alert_id>",
    audience="team",
    answers=said.CardSchema,
    etag_ignores=frozenset({"data_age_s"}),
)
def read_card(alert_id: UUID) -> dict[str, Any]:
    """A card with everything that stands on it; the id of any of its findings finds it."""
    return facts.read_card(current_actor(), alert_id)


@blp.get("/alerts/<uuid:alert_id>/custody", audience="team", answers=AlertCustodySchema)
def read_custody(alert_id: UUID) -> dict[str, Any]:
    """Every step and time of an alert, from measured to how it ended."""
    return custody.alert_custody(current_actor(), alert_id)


@act("claim", said.ClaimSchema, RowSchema)
def claim(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Take a card whole; 412 with the row as it stands when somebody was first."""
    return claiming.claim(**asked(alert_id, if_version), take_over=body["take_over"])


@act("accept", said.DeskNothingSchema, RowSchema)
def accept(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Take a card that was handed to you or your team."""
    assert not body
    return claiming.accept(**asked(alert_id, if_version))


@act("responders", said.ResponderSchema, RowSchema)
def send_responder(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Write down who has set off; the device is told that help is coming, without a name."""
    who = claiming.Responder(body["who"], body["name"].strip(), body["eta_minutes"], body["set_off"])
    return claiming.send_responder(**asked(alert_id, if_version), responder=who)


@act("contact", said.ContactMadeSchema, RowSchema)
def contact(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Record a contact, which ends the ladder, or a try, which never does."""
    with_person = body["to"] == "person" if body["with_person"] is None else body["with_person"]
    made = contacts.Contact(body["to"], body["how"], body["result"], body["note"], with_person)
    return contacts.contact(**asked(alert_id, if_version), made=made)


@act("note", said.CardNoteSchema, RowSchema)
def note(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Add words for colleagues."""
    return contacts.note(**asked(alert_id, if_version), words=body["note"])


@act("message", said.MessageToPersonSchema, RowSchema)
def message(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Send words to the person's own app; what travels outside says only that a message is there."""
    return contacts.message(**asked(alert_id, if_version), words=body["words"])


@act("snooze", said.SnoozeAskedSchema, RowSchema)
def snooze(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Put a card aside until a time; never an emergency, and for an hour at most when it is urgent."""
    if (body["until"] is None) == (body["minutes"] is None):
        raise Invalid(
            "snooze-end", "Say until when, or for how many minutes.", errors={"until": ["Give one."]}
        )
    return snoozing.snooze(
        **asked(alert_id, if_version), until=body["until"], minutes=body["minutes"], why=body["why"]
    )


@act("recheck", said.RecheckAskedSchema, RowSchema)
def recheck(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Promise to look again; the card comes back when that is not done."""
    return snoozing.recheck(**asked(alert_id, if_version), by=body["by"], why=body["why"])


@act("recheck/done", said.RecheckDoneSchema, RowSchema)
def recheck_done(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Say that it was checked again."""
    return snoozing.recheck_done(**asked(alert_id, if_version), words=body["note"])


@act("wrong-rule", said.DeskWhySchema, WrongRuleSchema)
def wrong_rule(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Say that this rule is wrong for this person; answers the limit to open, and changes none by itself."""
    return limits.wrong_rule(**asked(alert_id, if_version), why=body["why"])


@act("close", said.CloseSchema, RowSchema)
def close(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Close a card with an outcome; 409 "second-look" for a red one without confirm."""
    return closing.close(**asked(alert_id, if_version), ending=closing.Ending(**body))


@act("undo", said.UndoAskedSchema, RowSchema)
def undo(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Take back one's own claim, close or snooze within 30 seconds, when nothing happened since."""
    return undoing.undo(**asked(alert_id, if_version), why=body["reason"])
