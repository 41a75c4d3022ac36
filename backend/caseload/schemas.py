"""What is asked over HTTP of somebody who joins: one schema a step, the same when it is changed later."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.access import nhs_number
from backend.access.documents import KINDS
from backend.access.proxies import BASES, FINANCE_ONLY
from backend.alerts.ranges import LIMITED, range_errors
from backend.core.routes import Instant
from backend.observations.codes import Code

NOT_STATED = "not-stated"
# Ethnicity by the groups of the NHS Data Dictionary (2001 Census codes, in words); the rest are Alongside's lists.
BOARD_WORDS = {
    "ethnicity": ("white", "mixed", "asian", "black", "chinese", "other", NOT_STATED),
    "language": ("english", "welsh", "other", NOT_STATED),
    "disability": (
        "none",
        "physical",
        "sensory",
        "learning",
        "mental-health",
        "several",
        "other",
        NOT_STATED,
    ),
    "digital_access": ("own-smartphone", "shared-smartphone", "tablet-or-computer", "none", NOT_STATED),
    "channel": ("gp", "hospital-discharge", "community-team", "social-care", "self", "other", NOT_STATED),
}
TRUTHS = (
    "home_oxygen", "spo2_scale2", "immunosuppressed", "insulin", "sulfonylurea", "sglt2_inhibitor", "type1",
    "anticoagulant", "blood_pressure_treated", "atrial_fibrillation", "heart_failure",
)  # fmt: skip
# Each with what it can be, both ends included: a slip of the pen is refused, an unusual person is not.
QUANTITIES = {
    "usual_spo2": ("60", "100"), "oxygen_litres": ("0", "60"), "usual_systolic_low": ("60", "260"),
    "usual_systolic_high": ("60", "260"), "dry_weight": ("20", "350"), "personal_best_peak_flow": ("50", "900"),
}  # fmt: skip


def words(most: int, *, least: int = 1, **other: Any) -> fields.String:
    """A text somebody has to write."""
    return fields.String(required=True, validate=validate.Length(least, most), **other)


def maybe(most: int) -> fields.String:
    """A text, or null for not known."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(0, most))


def one_of(*allowed: str) -> fields.String:
    """One word of a list."""
    return fields.String(required=True, validate=validate.OneOf(allowed))


def truth() -> fields.Boolean:
    """Yes, no, or null for not known."""
    return fields.Boolean(load_default=None, allow_none=True)


class NhsNumberSchema(Schema):
    """A number to check."""

    nhs_number = words(20)

    @post_load
    def _tidied(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        return said | {"nhs_number": nhs_number.tidy(said["nhs_number"])}

    @validates_schema
    def _can_be_one(self, said: dict[str, Any], **_: Any) -> None:
        if not nhs_number.is_valid(nhs_number.tidy(said.get("nhs_number", ""))):
            raise ValidationError("This is not an NHS number: check each of its ten digits.", "nhs_number")


class IdentitySchema(NhsNumberSchema):
    """Who it is, and how somebody made sure."""

    given_name, family_name = words(100), words(100)
    birth_date = fields.Date(required=True)
    gender = one_of("female", "male", "other", "unknown")
    phone, second_phone = maybe(40), maybe(40)
    address, postcode, gp_ods_code = maybe(200), maybe(10), maybe(10)
    checked_by = one_of("document", "asked", "referral")


class ContactSchema(Schema):
    """Somebody to ring; `tell` when they are told what changes in the person's being watched."""

    relation = one_of("next-of-kin", "key-holder", "carer", "other")
    name = words(120)
    phone = maybe(40)
    tell = fields.Boolean(load_default=False)


class ContactsSchema(Schema):
    """Whom to ring, in the order in which to try them; written whole."""

    lives_alone = truth()
    key_safe_reference = maybe(60)
    contacts = fields.List(fields.Nested(ContactSchema), required=True, validate=validate.Length(0, 20))


class NeedsSchema(Schema):
    """How somebody is understood and reached; written whole, null is not known."""

    language = maybe(35)
    interpreter = truth()
    hearing, sight, reach = maybe(300), maybe(300), maybe(300)
    rescue_pack = truth()
    rescue_pack_where = maybe(200)


class CapacitySchema(Schema):
    """Whether the person could make one decision on one day."""

    decision = words(300)
    outcome = one_of("has", "lacks", "fluctuates")
    evidence = words(1000)
    assessed_by = words(120)
    assessed_on, review_on = fields.Date(required=True), fields.Date(required=True)


class ProxySchema(Schema):
    """Who may act for the person, on what ground, with which decision, evidence and review."""

    name = words(120)
    phone = maybe(40)
    # The one that is refused is taken here, to be refused in words that help.
    basis = one_of(*BASES, FINANCE_ONLY)
    decision, evidence, granted_by = words(300), words(1000), words(120)
    review_on = fields.Date(required=True)
    scopes = fields.List(
        one_of("readings", "alerts", "add-readings", "plan"), required=True, validate=validate.Length(1, 4)
    )


class ConsentSchema(Schema):
    """Whether the person agreed to being monitored, and who else may decide or see."""

    monitoring = fields.Boolean(required=True)
    how = one_of("spoken", "written", "best-interests")
    capacity = fields.Nested(CapacitySchema, load_default=None, allow_none=True)
    proxies = fields.List(fields.Nested(ProxySchema), load_default=list, validate=validate.Length(0, 10))

    @validates_schema
    def _decided_by_whom(self, said: dict[str, Any], **_: Any) -> None:
        capacity = said.get("capacity")
        if said.get("how") == "best-interests" and (capacity is None or capacity["outcome"] != "lacks"):
            raise ValidationError("First record that capacity for this decision is lacking.", "how")


def _fact(name: str) -> fields.Field[Any]:
    if name in TRUTHS:
        return truth()
    low, high = QUANTITIES[name]
    between = validate.Range(_decimal(low), _decimal(high))
    return fields.Decimal(load_default=None, allow_none=True, as_string=True, validate=between)


def _decimal(written: str) -> Any:
    return fields.Decimal().deserialize(written)


FactsSchema = Schema.from_dict({name: _fact(name) for name in (*TRUTHS, *QUANTITIES)}, name="FactsSchema")


class TargetSchema(Schema):
    """A clinician's own range for one value of this person; it wins over every pathway's."""

    code = one_of(*(code.value for code in LIMITED))
    low, high = (
        fields.Decimal(load_default=None, allow_none=True, as_string=True),
        fields.Decimal(load_default=None, allow_none=True, as_string=True),
    )
    reason = words(300, least=3)

    @validates_schema
    def _a_range(self, said: dict[str, Any], **_: Any) -> None:
        errors: dict[str, Any] = {}
        errors |= range_errors(Code(said["code"]), said.get("low"), said.get("high"))
        if errors:
            raise ValidationError(errors)


class RuleChoiceSchema(Schema):
    """What a clinician chose where two pathways set a rule differently."""

    rule, name, value = words(64), words(64), words(64)
    reason = words(300, least=3)


class PathwaysSchema(Schema):
    """Which pathways, with this person's own targets."""

    pathways = fields.List(words(64), required=True, validate=validate.Length(1, 8))
    limits = fields.List(fields.Nested(TargetSchema), load_default=list, validate=validate.Length(0, 20))
    choices = fields.List(fields.Nested(RuleChoiceSchema), load_default=list, validate=validate.Length(0, 20))


class BoardSchema(Schema):
    """What the board asks, apart from the clinical record. "not-stated" is an answer, null is not asked."""

    ethnicity, language, disability, digital_access, channel = (
        fields.String(load_default=None, allow_none=True, validate=validate.OneOf(BOARD_WORDS[name]))
        for name in ("ethnicity", "language", "disability", "digital_access", "channel")
    )
    deprivation_decile = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 10))


class DocumentSchema(Schema):
    """That a plan exists and where its original is."""

    kind = one_of(*KINDS)
    dated, verified_on = fields.Date(required=True), fields.Date(required=True)
    original_at, verified_by = words(200), words(120)
    ceiling = maybe(300)


class LineSchema(Schema):
    """The 24-hour palliative line, and why 999 words give way to it."""

    line_name, line_phone, reason = words(120), words(40, least=3), words(500, least=3)
    review_on = fields.Date(required=True)


class PauseAskedSchema(Schema):
    """From when to when; it always has an end."""

    kind = one_of("pause", "admission")
    since = Instant(data_key="from", load_default=None, allow_none=True)
    until = Instant(required=True)
    reason = words(300, least=3)
