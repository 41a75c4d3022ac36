"""What is answered over HTTP of people who join, of a person's care and of the caseload."""

from typing import Any

from marshmallow import Schema, fields

from backend.caseload import schemas
from backend.caseload.conflict_answers import LimitConflictSchema, RuleConflictSchema
from backend.core.routes import Instant


def said() -> fields.String:
    """A text that is always there."""
    return fields.String(required=True)


def told() -> fields.String:
    """A text, or null."""
    return fields.String(required=True, allow_none=True)


def at(**other: Any) -> Instant:
    """A time that is always there."""
    return Instant(required=True, **other)


def perhaps_at(**other: Any) -> Instant:
    """A time, or null."""
    return Instant(required=True, allow_none=True, **other)


def uuid() -> fields.UUID:
    """A public id."""
    return fields.UUID(required=True)


def many(schema: type[Schema]) -> fields.List[Any]:
    """A list of rows."""
    return fields.List(fields.Nested(schema), required=True)


def texts() -> fields.List[Any]:
    """A list of words."""
    return fields.List(fields.String(), required=True)


def whole(**other: Any) -> fields.Integer:
    """A number."""
    return fields.Integer(required=True, **other)


def day() -> fields.Date:
    """A day, or null."""
    return fields.Date(required=True, allow_none=True)


def flag() -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(required=True)


class KnownSchema(Schema):
    """Whether somebody with this number is known here."""

    known = fields.String(required=True, metadata={"description": "no, yours or here."})
    patient_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Only for yours."})
    words = said()


class JoiningRowSchema(Schema):
    """A draft, as the list has it."""

    id, version, display_name, started_at, changed_at = uuid(), whole(), told(), at(), at()
    started_by, state, done = said(), said(), texts()
    patient_id = fields.UUID(required=True, allow_none=True)


class JoiningsSchema(Schema):
    """Drafts that nobody finished."""

    as_of, rows = at(), many(JoiningRowSchema)


class MissingSchema(Schema):
    """A step that is still to do."""

    step, words = said(), said()


class JoiningStepsSchema(Schema):
    """What was said, by step; null is not asked yet."""

    identity = fields.Nested(schemas.IdentitySchema, required=True, allow_none=True)
    contacts = fields.Nested(schemas.ContactsSchema, required=True, allow_none=True)
    needs = fields.Nested(schemas.NeedsSchema, required=True, allow_none=True)
    consent = fields.Nested(schemas.ConsentSchema, required=True, allow_none=True)
    facts = fields.Nested(schemas.FactsSchema, required=True, allow_none=True)
    pathways = fields.Nested(schemas.PathwaysSchema, required=True, allow_none=True)
    board = fields.Nested(schemas.BoardSchema, required=True, allow_none=True)


class JoinedPersonSchema(Schema):
    """Whom a draft became. `version` is that of their care."""

    id, display_name, status, version = uuid(), said(), said(), whole()


class JoinedKitSchema(Schema):
    """A piece of kit they have."""

    id, device_id, kind, model, serial = uuid(), said(), said(), told(), told()
    state, slot, is_telecare = said(), whole(), flag()


class FirstReadingSchema(Schema):
    """The first reading that came."""

    at, received_at = at(), at()
    kind = said()


class JoiningSchema(Schema):
    """A draft whole."""

    id, version, as_of, state, started_at, changed_at = uuid(), whole(), at(), said(), at(), at()
    started_by, done, missing = said(), texts(), many(MissingSchema)
    steps = fields.Nested(JoiningStepsSchema, required=True)
    patient = fields.Nested(JoinedPersonSchema, required=True, allow_none=True)
    kit, paired = many(JoinedKitSchema), flag()
    first_reading = fields.Nested(FirstReadingSchema, required=True, allow_none=True)
    problems, conflicts, warnings = texts(), many(LimitConflictSchema), texts()
    rule_conflicts = many(RuleConflictSchema)


class PathwayChoiceSchema(Schema):
    """A pathway somebody can join."""

    pathway, title, version, for_whom = said(), said(), said(), said()
    facts_needed, kit = texts(), texts()


class PathwayChoicesSchema(Schema):
    """Every pathway."""

    rows = many(PathwayChoiceSchema)


class BoardWordsSchema(Schema):
    """The words each of the board's questions takes."""

    ethnicity, language, disability, digital_access, channel = texts(), texts(), texts(), texts(), texts()


class PairingCodeSchema(Schema):
    """A one-time code, shown this once; `link` is what the QR holds."""

    code, expires_at, link = said(), at(), said()


class CasePersonSchema(Schema):
    """Who a row is about."""

    id, display_name, nhs_number = uuid(), said(), said()
    birth_date = fields.Date(required=True)


class CasePauseSchema(Schema):
    """The pause that stands now."""

    kind, until = said(), at()


class CaseRowSchema(Schema):
    """One person of the caseload. Only live is monitored."""

    patient = fields.Nested(CasePersonSchema, required=True)
    status, monitored, died_on = said(), flag(), day()
    pathways, review_due, review_overdue = texts(), day(), flag()
    last_reading_at = perhaps_at()
    pause = fields.Nested(CasePauseSchema, required=True, allow_none=True)
    open_alerts = whole()
    joining_id = fields.UUID(required=True, allow_none=True)


class StatusCountSchema(Schema):
    """How many there are of a status."""

    status, count = said(), whole()


class CaseloadSchema(Schema):
    """The list, with how many there are of each status."""

    as_of, counts, rows = at(), many(StatusCountSchema), many(CaseRowSchema)


class CareContactSchema(schemas.ContactSchema):
    """Somebody to ring, with their ids."""

    id, person = uuid(), uuid()


class CareCapacitySchema(schemas.CapacitySchema):
    """An assessment."""

    recorded_at = at()


class CareProxySchema(schemas.ProxySchema):
    """Who may act, whether it stands, and if not why."""

    id, stands, why_not, basis = uuid(), flag(), told(), said()
    decision, evidence, granted_by, review_on = told(), told(), told(), day()


class CareDocumentSchema(schemas.DocumentSchema):
    """A pointer to a document that stands."""

    id = uuid()


class SignatureSchema(Schema):
    """Who signed, and when."""

    by = said()
    at = at()


class EndOfLifeSchema(schemas.LineSchema):
    """The plan; it counts once both have signed."""

    id, counts, signatures = uuid(), flag(), many(SignatureSchema)


class PauseSchema(Schema):
    """A pause, past, present or planned."""

    id, version, kind, reason = uuid(), whole(), said(), said()
    since, until = at(data_key="from", attribute="from"), at()
    is_now, discharged = flag(), flag()


class CareEnrolmentSchema(Schema):
    """A pathway the person is on."""

    id, pathway, title, version, status = uuid(), said(), said(), said(), said()


class ReviewSchema(Schema):
    """A review."""

    at = at()
    by, note = said(), said()


class CareSchema(Schema):
    """One person's care, whole."""

    as_of, version = at(), whole()
    patient = fields.Nested(CasePersonSchema, required=True)
    status, monitored, died_on = said(), flag(), day()
    lives_alone, key_safe_reference = fields.Boolean(required=True, allow_none=True), told()
    needs = fields.Nested(schemas.NeedsSchema, required=True)
    contacts = many(CareContactSchema)
    facts = fields.Nested(schemas.FactsSchema, required=True)
    rule_conflicts = many(RuleConflictSchema)
    capacity, proxies = many(CareCapacitySchema), many(CareProxySchema)
    documents = many(CareDocumentSchema)
    end_of_life = fields.Nested(EndOfLifeSchema, required=True, allow_none=True)
    pauses, enrolments = many(PauseSchema), many(CareEnrolmentSchema)
    reviews, review_due = many(ReviewSchema), day()


class ReturnedKitSchema(Schema):
    """A piece of kit that is asked back."""

    device_id, state = said(), said()


class EndedSchema(Schema):
    """From when nobody watches, who is told, whom no message can reach, and what is fetched."""

    not_watched_from, told, no_way, kit = at(), texts(), texts(), many(ReturnedKitSchema)
