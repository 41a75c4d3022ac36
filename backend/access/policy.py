"""Who may do what with a patient's record: the one decision, pure, so that every branch stands in a table."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

CANARY_WATCHER = "canary-watcher"
# Whoever brings, proves and fetches kit: sees it, whose it is and where, and opens no clinical reading.
INSTALLER = "installer"
# Makes staff accounts, and opens nobody's record.
ADMINISTRATOR = "administrator"
NURSE, TEAM_LEAD, CLINICIAN, DUTY_MANAGER = "nurse", "team-lead", "clinician", "duty-manager"
# Staff of a GP practice: writes with the people registered there, and sees nothing else of them.
PRACTICE = "practice"
ROLES = (NURSE, TEAM_LEAD, CLINICIAN, DUTY_MANAGER, ADMINISTRATOR, INSTALLER, PRACTICE, CANARY_WATCHER)


class Purpose(Enum):
    """Why a record is opened: HL7 v3 PurposeOfUse codes."""

    PATRQT = "PATRQT"
    CAREMGT = "CAREMGT"
    TREAT = "TREAT"
    BTG = "BTG"
    HOPERAT = "HOPERAT"


class Action(Enum):
    """What is done with a record once it is open."""

    READ_READINGS = "read-readings"
    READ_ALERTS = "read-alerts"
    READ_RECORD = "read-record"
    ADD_READING = "add-reading"
    # "I'm worried", in one tap: nobody who stands by a person is ever without it.
    RAISE_CONCERN = "raise-concern"
    WRITE_PLAN = "write-plan"
    ACT_ON_ALERT = "act-on-alert"
    READ_KIT = "read-kit"
    CHANGE_KIT = "change-kit"
    CORRECT_WEARER = "correct-wearer"
    # Joining, pausing, ending, and what is known of a person; a personal limit; an end-of-life plan.
    CHANGE_CARE = "change-care"
    SET_LIMIT = "set-limit"
    SIGN_PLAN = "sign-plan"
    # The person's own pages: plan, conversations, check-ins, and who may see what.
    READ_PLAN = "read-plan"
    READ_MESSAGES = "read-messages"
    WRITE_MESSAGE = "write-message"
    READ_CHECK_INS = "read-check-ins"
    ANSWER_CHECK_IN = "answer-check-in"
    # Invitations, scopes, own phones, and who looked: the person's alone.
    MANAGE_SHARING = "manage-sharing"
    # Who helps, and one's own place among them; to step back from it.
    READ_CIRCLE = "read-circle"
    HAND_BACK = "hand-back"


class Task(Enum):
    """What a member of staff does that opens no record."""

    MANAGE_STAFF = "manage-staff"
    ADD_PERSON = "add-person"
    SET_TARGET = "set-target"
    # Where a colleague is reached; one's own needs no task.
    SET_REACH = "set-reach"
    # What people say of a pathway is read and answered by who answers for it.
    ANSWER_SUGGESTION = "answer-suggestion"


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to and not including `end`, both aware UTC; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """True when `at` lies inside."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Membership:
    """That the actor is in a team."""

    care_team_id: int
    valid: Span


@dataclass(frozen=True, slots=True)
class PracticeMembership:
    """That the actor works at a GP practice."""

    organization_id: int
    valid: Span


@dataclass(frozen=True, slots=True)
class Care:
    """That a team has the patient on its caseload."""

    care_team_id: int
    valid: Span


@dataclass(frozen=True, slots=True)
class ProxyGrant:
    """That the patient lets a related person act for them, within scopes."""

    related_person_id: int
    scopes: frozenset[str]
    valid: Span
    revoked_at: datetime | None = None
    basis: str = "invitation"
    # By the assessment that stands for the very decision this grant names; without one, the person is taken to have
    # capacity (Mental Capacity Act 2005, s1), and lacking it for one thing says nothing of another (s2).
    lacks_capacity: bool = False


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What is known of who asks."""

    kind: str
    patient_id: int | None = None
    related_person_id: int | None = None
    practitioner_id: int | None = None
    role: str | None = None
    memberships: tuple[Membership, ...] = ()
    practices: tuple[PracticeMembership, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What is known of whose record it is, at `as_of` by the database's clock."""

    id: int
    as_of: datetime
    is_canary: bool = False
    care: tuple[Care, ...] = ()
    grants: tuple[ProxyGrant, ...] = field(default=())
    gp_practice_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the rule that said so: kept in the audit trail, never shown to who was refused."""

    allowed: bool
    rule: str


# What a scope of a proxy consent opens. Nothing here lets a proxy act on alerts or add a proxy.
SCOPES: dict[str, frozenset[Action]] = {
    "readings": frozenset({Action.READ_READINGS, Action.READ_CHECK_INS}),
    "alerts": frozenset({Action.READ_ALERTS}),
    "add-readings": frozenset({Action.ADD_READING, Action.ANSWER_CHECK_IN}),
    "plan": frozenset({Action.READ_PLAN, Action.WRITE_PLAN}),
    "messages": frozenset({Action.READ_MESSAGES, Action.WRITE_MESSAGE}),
}
_OWN = frozenset({
    Action.READ_READINGS, Action.READ_ALERTS, Action.ADD_READING, Action.WRITE_PLAN, Action.RAISE_CONCERN,
    Action.READ_PLAN, Action.READ_MESSAGES, Action.WRITE_MESSAGE, Action.READ_CHECK_INS, Action.ANSWER_CHECK_IN,
    Action.MANAGE_SHARING, Action.READ_CIRCLE,
})  # fmt: skip
# What every proxy may whose consent stands, whatever its scopes: to tell, to know whom they help, and to step back.
_ANY_PROXY = frozenset({Action.RAISE_CONCERN, Action.READ_CIRCLE, Action.HAND_BACK})
_PRACTICE = frozenset({Action.READ_MESSAGES, Action.WRITE_MESSAGE})
_STAFF_PURPOSES = frozenset({Purpose.CAREMGT, Purpose.TREAT})
# When somebody wore something decides whose readings they are, so those dates are corrected by the team alone.
_INSTALLER = frozenset({Action.READ_KIT, Action.CHANGE_KIT})
# What only some of a team may do. An Alongside default: a locality's scheme of delegation says who is which.
BY_ROLE: dict[Action, frozenset[str]] = {
    Action.CHANGE_CARE: frozenset({NURSE, TEAM_LEAD, CLINICIAN, DUTY_MANAGER}),
    Action.SET_LIMIT: frozenset({NURSE, TEAM_LEAD, CLINICIAN}),
    Action.SIGN_PLAN: frozenset({TEAM_LEAD, CLINICIAN}),
    # Nobody of staff invites somebody into a record or shuts a phone out by this door.
    Action.MANAGE_SHARING: frozenset(),
    Action.READ_CIRCLE: frozenset(),
    Action.HAND_BACK: frozenset(),
}
_TASKS: dict[Task, frozenset[str]] = {
    Task.MANAGE_STAFF: frozenset({ADMINISTRATOR}),
    Task.ADD_PERSON: BY_ROLE[Action.CHANGE_CARE],
    Task.SET_TARGET: BY_ROLE[Action.SET_LIMIT],
    Task.SET_REACH: frozenset({ADMINISTRATOR, TEAM_LEAD}),
    Task.ANSWER_SUGGESTION: frozenset({TEAM_LEAD, CLINICIAN}),
}
# Whose say rests on the person not being able to decide: it stands only while that is on record.
BY_INCAPACITY = frozenset({"lpa-health-and-welfare", "deputy", "best-interests"})


def may_do(actor: ActorFacts, task: Task) -> Decision:
    """Decide about what opens no record, by role."""
    if actor.kind != "practitioner":
        return Decision(False, "staff-only")
    return Decision(True, "role") if actor.role in _TASKS[task] else Decision(False, "role")


def may(actor: ActorFacts, purpose: Purpose, action: Action, patient: PatientFacts) -> Decision:
    """Decide by relationship, not by role alone; whoever is not named here is refused."""
    if actor.kind == "patient":
        return _self(actor, purpose, action, patient)
    if actor.kind == "related-person":
        return _proxy(actor, purpose, action, patient)
    if actor.kind == "practitioner":
        return _practitioner(actor, purpose, action, patient)
    return Decision(False, "no-relationship")


def _self(actor: ActorFacts, purpose: Purpose, action: Action, patient: PatientFacts) -> Decision:
    if actor.patient_id != patient.id or patient.is_canary:
        return Decision(False, "not-self")
    if purpose is not Purpose.PATRQT:
        return Decision(False, "purpose")
    return Decision(True, "self") if action in _OWN else Decision(False, "staff-only")


def _proxy(actor: ActorFacts, purpose: Purpose, action: Action, patient: PatientFacts) -> Decision:
    mine = [grant for grant in patient.grants if grant.related_person_id == actor.related_person_id]
    if not mine or patient.is_canary:
        return Decision(False, "no-consent")
    if purpose is not Purpose.PATRQT:
        return Decision(False, "purpose")
    standing = [grant for grant in mine if stands(grant, patient)]
    if not standing:
        return Decision(False, "consent-ended")
    opened = {
        opens for grant in standing for scope in grant.scopes for opens in SCOPES.get(scope, ())
    } | _ANY_PROXY
    return Decision(True, "proxy-consent") if action in opened else Decision(False, "scope")


def stands(grant: ProxyGrant, patient: PatientFacts) -> bool:
    """True while a grant lets its holder act: not ended, not withdrawn, and needed if it rests on incapacity."""
    if grant.basis in BY_INCAPACITY and not grant.lacks_capacity:
        return False
    at = patient.as_of
    return grant.valid.holds(at) and (grant.revoked_at is None or at < grant.revoked_at)


def _practitioner(actor: ActorFacts, purpose: Purpose, action: Action, patient: PatientFacts) -> Decision:
    # The canary's record is no person's; whoever watches it has no business in a person's.
    if patient.is_canary != (actor.role == CANARY_WATCHER):
        return Decision(False, "canary")
    if actor.role == PRACTICE:
        return _practice_staff(actor, purpose, action, patient)
    mine = {member.care_team_id for member in actor.memberships if member.valid.holds(patient.as_of)}
    if not any(care.care_team_id in mine and care.valid.holds(patient.as_of) for care in patient.care):
        return Decision(False, "not-on-caseload")
    refused = _role_refuses(actor.role, action)
    if refused is not None:
        return Decision(False, refused)
    # Break glass comes with its own door, clock and review; until then its purpose opens nothing.
    return Decision(True, "caseload") if purpose in _STAFF_PURPOSES else Decision(False, "purpose")


def _practice_staff(actor: ActorFacts, purpose: Purpose, action: Action, patient: PatientFacts) -> Decision:
    """By registration and never by a team's list, even for somebody whom a mistake put in a team."""
    at = patient.as_of
    mine = {one.organization_id for one in actor.practices if one.valid.holds(at)}
    if patient.gp_practice_id not in mine:
        return Decision(False, "not-registered-here")
    if action not in _PRACTICE:
        return Decision(False, "practice")
    return Decision(True, "registration") if purpose in _STAFF_PURPOSES else Decision(False, "purpose")


def _role_refuses(role: str | None, action: Action) -> str | None:
    """The rule by which somebody of the right team may not do this all the same; None when they may."""
    if role == ADMINISTRATOR:
        return "administrator"
    if role == INSTALLER and action not in _INSTALLER:
        return "installer"
    return "role" if role not in BY_ROLE.get(action, {role}) else None
