"""The policy for staff of a GP practice, and for who helps: each way in, each way it ends, and nothing beside."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.access.policy import (
    PRACTICE,
    SCOPES,
    Action,
    ActorFacts,
    Care,
    Membership,
    PatientFacts,
    PracticeMembership,
    ProxyGrant,
    Purpose,
    Span,
    Task,
    may,
    may_do,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAST, FUTURE, ALWAYS = Span(NOW - 2 * HOUR, NOW - HOUR), Span(NOW + HOUR, None), Span()
PATIENT, TEAM, SURGERY, OTHER_SURGERY, CARER = 1, 10, 20, 21, 7
MESSAGES = (Action.READ_MESSAGES, Action.WRITE_MESSAGE)


def receptionist(at: int = SURGERY, valid: Span = ALWAYS, team: bool = False) -> ActorFacts:
    teams = (Membership(TEAM, ALWAYS),) if team else ()
    return ActorFacts("practitioner", practitioner_id=3, role=PRACTICE, memberships=teams,
                      practices=(PracticeMembership(at, valid),))  # fmt: skip


def patient(registered: int | None = SURGERY, is_canary: bool = False) -> PatientFacts:
    return PatientFacts(PATIENT, NOW, is_canary, (Care(TEAM, ALWAYS),), (), registered)


@pytest.mark.parametrize("purpose", [Purpose.CAREMGT, Purpose.TREAT])
@pytest.mark.parametrize("action", list(Action))
def test_practice_staff_read_and_write_messages_of_who_is_registered_there_and_do_nothing_else(
    action: Action, purpose: Purpose
) -> None:
    decision = may(receptionist(), purpose, action, patient())
    expected = (True, "registration") if action in MESSAGES else (False, "practice")
    assert (decision.allowed, decision.rule) == expected


@pytest.mark.parametrize(
    ("what", "who", "whose", "rule"),
    [
        ("another practice's", receptionist(OTHER_SURGERY), patient(), "not-registered-here"),
        ("registered nowhere", receptionist(), patient(None), "not-registered-here"),
        ("left the practice", receptionist(valid=PAST), patient(), "not-registered-here"),
        ("not there yet", receptionist(valid=FUTURE), patient(), "not-registered-here"),
        (
            "put in a team by mistake",
            receptionist(OTHER_SURGERY, team=True),
            patient(),
            "not-registered-here",
        ),
        ("the canary", receptionist(), patient(is_canary=True), "canary"),
    ],
)
def test_nobody_elses_messages_are_open_to_practice_staff(
    what: str, who: ActorFacts, whose: PatientFacts, rule: str
) -> None:
    for action in MESSAGES:
        decision = may(who, Purpose.CAREMGT, action, whose)
        assert (decision.allowed, decision.rule) == (False, rule), what


@pytest.mark.parametrize("purpose", [Purpose.PATRQT, Purpose.BTG, Purpose.HOPERAT])
def test_practice_staff_have_no_other_purpose(purpose: Purpose) -> None:
    assert may(receptionist(), purpose, Action.READ_MESSAGES, patient()).rule == "purpose"


def test_a_nurse_of_the_team_has_no_door_by_registration() -> None:
    nurse = ActorFacts("practitioner", practitioner_id=3, role="nurse",
                       practices=(PracticeMembership(SURGERY, ALWAYS),))  # fmt: skip
    assert may(nurse, Purpose.TREAT, Action.READ_MESSAGES, patient()).rule == "not-on-caseload"


@pytest.mark.parametrize("task", list(Task))
def test_practice_staff_do_nothing_that_opens_no_record_either(task: Task) -> None:
    assert not may_do(receptionist(), task).allowed


@pytest.mark.hazard("H18")
@pytest.mark.parametrize(
    "action", [Action.MANAGE_SHARING, Action.ACT_ON_ALERT, Action.CHANGE_CARE, Action.SIGN_PLAN]
)
def test_no_scope_and_not_all_of_them_lets_a_helper_manage_sharing_or_act_as_staff(action: Action) -> None:
    helper = ActorFacts("related-person", related_person_id=CARER)
    grant = ProxyGrant(CARER, frozenset(SCOPES), ALWAYS)
    whose = PatientFacts(PATIENT, NOW, grants=(grant,))
    assert may(helper, Purpose.PATRQT, action, whose).rule == "scope"
    assert all(action not in opened for opened in SCOPES.values())


@pytest.mark.parametrize("action", [Action.READ_CIRCLE, Action.HAND_BACK, Action.RAISE_CONCERN])
def test_whatever_they_see_a_helper_knows_whom_they_help_may_step_back_and_may_say_that_they_worry(
    action: Action,
) -> None:
    helper = ActorFacts("related-person", related_person_id=CARER)
    standing = ProxyGrant(CARER, frozenset({"messages"}), ALWAYS)
    ended = ProxyGrant(CARER, frozenset({"messages"}), PAST)
    assert may(helper, Purpose.PATRQT, action, PatientFacts(PATIENT, NOW, grants=(standing,))).allowed
    assert not may(helper, Purpose.PATRQT, action, PatientFacts(PATIENT, NOW, grants=(ended,))).allowed


def test_the_person_does_not_step_back_from_themselves() -> None:
    person = ActorFacts("patient", patient_id=PATIENT)
    assert may(person, Purpose.PATRQT, Action.HAND_BACK, patient()).rule == "staff-only"
    assert may(person, Purpose.PATRQT, Action.MANAGE_SHARING, patient()).allowed


@pytest.mark.parametrize(
    "role", ["nurse", "team-lead", "clinician", "duty-manager", "administrator", "installer"]
)
def test_nobody_of_staff_manages_a_persons_sharing(role: str) -> None:
    staff = ActorFacts("practitioner", practitioner_id=3, role=role, memberships=(Membership(TEAM, ALWAYS),))
    assert not may(staff, Purpose.CAREMGT, Action.MANAGE_SHARING, patient()).allowed
