"""What each role may do, whole: a role or an act that is not in these tables is refused."""

import pytest

from backend.access.policy import (
    ROLES,
    Action,
    ActorFacts,
    Care,
    Membership,
    PatientFacts,
    ProxyGrant,
    Purpose,
    Span,
    Task,
    may,
    may_do,
)
from tests.access.test_policy import NOW, PATIENT, RELATED, grant

TEAM = 10
EVERYDAY = {
    Action.READ_READINGS, Action.READ_ALERTS, Action.READ_RECORD, Action.ADD_READING, Action.WRITE_PLAN,
    Action.ACT_ON_ALERT, Action.READ_KIT, Action.CHANGE_KIT, Action.CORRECT_WEARER,
    Action.RAISE_CONCERN, Action.READ_PLAN, Action.READ_MESSAGES, Action.WRITE_MESSAGE, Action.READ_CHECK_INS,
    Action.ANSWER_CHECK_IN,
}  # fmt: skip
MAY: dict[str | None, set[Action]] = {
    "nurse": EVERYDAY | {Action.CHANGE_CARE, Action.SET_LIMIT},
    "team-lead": EVERYDAY | {Action.CHANGE_CARE, Action.SET_LIMIT, Action.SIGN_PLAN},
    "clinician": EVERYDAY | {Action.CHANGE_CARE, Action.SET_LIMIT, Action.SIGN_PLAN},
    "duty-manager": EVERYDAY | {Action.CHANGE_CARE},
    "administrator": set(),
    "installer": {Action.READ_KIT, Action.CHANGE_KIT},
    "canary-watcher": set(),
    # By registration alone (test_practice_policy.py): a team opens nothing to them.
    "practice": set(),
    # A role that nobody thought of has what every colleague has, and none of what some have.
    "co-ordinator": EVERYDAY,
    None: EVERYDAY,
}
TASKS: dict[str | None, set[Task]] = {
    "nurse": {Task.ADD_PERSON, Task.SET_TARGET},
    "team-lead": {Task.ADD_PERSON, Task.SET_TARGET, Task.SET_REACH, Task.ANSWER_SUGGESTION},
    "clinician": {Task.ADD_PERSON, Task.SET_TARGET, Task.ANSWER_SUGGESTION},
    "duty-manager": {Task.ADD_PERSON},
    "administrator": {Task.MANAGE_STAFF, Task.SET_REACH},
    "installer": set(),
    "canary-watcher": set(),
    "practice": set(),
    "co-ordinator": set(),
    None: set(),
}


def colleague(role: str | None) -> ActorFacts:
    return ActorFacts("practitioner", practitioner_id=3, role=role, memberships=(Membership(TEAM, Span()),))


def person(granted: ProxyGrant | None = None) -> PatientFacts:
    return PatientFacts(PATIENT, NOW, False, (Care(TEAM, Span()),), (granted,) if granted else ())


def test_every_role_there_is_has_a_row() -> None:
    assert set(ROLES) <= set(MAY)
    assert set(ROLES) <= set(TASKS)


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("action", Action)
@pytest.mark.hazard("H13")
def test_a_role_may_do_what_stands_in_its_row_and_nothing_else(role: str | None, action: Action) -> None:
    assert may(colleague(role), Purpose.CAREMGT, action, person()).allowed is (action in MAY[role])


@pytest.mark.parametrize("role", TASKS)
@pytest.mark.parametrize("task", Task)
def test_a_task_is_for_the_roles_in_its_row(role: str | None, task: Task) -> None:
    assert may_do(colleague(role), task).allowed is (task in TASKS[role])


@pytest.mark.parametrize("kind", ["patient", "related-person", "system", "anonymous"])
@pytest.mark.parametrize("task", Task)
def test_no_task_is_for_anybody_but_staff(kind: str, task: Task) -> None:
    assert not may_do(ActorFacts(kind, role="administrator"), task).allowed


@pytest.mark.parametrize(
    ("basis", "lacks_capacity", "allowed"),
    [
        ("invitation", False, True),
        ("invitation", True, True),
        ("lpa-health-and-welfare", False, False),
        ("lpa-health-and-welfare", True, True),
        ("deputy", False, False),
        ("deputy", True, True),
        ("best-interests", False, False),
        ("best-interests", True, True),
    ],
)
def test_a_say_that_rests_on_incapacity_needs_it_on_record(
    basis: str, lacks_capacity: bool, allowed: bool
) -> None:
    given = grant()
    given = ProxyGrant(given.related_person_id, given.scopes, given.valid, None, basis, lacks_capacity)
    decision = may(RELATED, Purpose.PATRQT, Action.READ_READINGS, person(given))
    assert decision.allowed is allowed
