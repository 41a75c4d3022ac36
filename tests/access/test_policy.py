"""The policy by a table: every relationship, every way it can end, and nobody who is not in the table."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.access.policy import (
    CANARY_WATCHER,
    INSTALLER,
    Action,
    ActorFacts,
    Care,
    Membership,
    PatientFacts,
    ProxyGrant,
    Purpose,
    Span,
    may,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALWAYS = Span()
PAST = Span(NOW - 2 * HOUR, NOW - HOUR)
FUTURE = Span(NOW + HOUR, None)
PATIENT, OTHER, CARER, TEAM, OTHER_TEAM = 1, 2, 7, 10, 11

SELF = ActorFacts("patient", patient_id=PATIENT)
RELATED = ActorFacts("related-person", related_person_id=CARER)


def nurse(team: int = TEAM, valid: Span = ALWAYS, role: str = "nurse") -> ActorFacts:
    return ActorFacts("practitioner", practitioner_id=3, role=role, memberships=(Membership(team, valid),))


def patient(*, care: Span = ALWAYS, grant: ProxyGrant | None = None, is_canary: bool = False) -> PatientFacts:
    return PatientFacts(PATIENT, NOW, is_canary, (Care(TEAM, care),), (grant,) if grant else ())


def grant(
    scopes: tuple[str, ...] = ("readings",),
    valid: Span = ALWAYS,
    revoked: datetime | None = None,
    carer: int = CARER,
) -> ProxyGrant:
    return ProxyGrant(carer, frozenset(scopes), valid, revoked)


CASES = [
    ("a patient reads their own readings", SELF, "PATRQT", "read-readings", patient(), "self"),
    ("a patient reads their own alerts", SELF, "PATRQT", "read-alerts", patient(), "self"),
    ("a patient does not open the staff page", SELF, "PATRQT", "read-record", patient(), "!staff-only"),
    ("a patient does not act on an alert", SELF, "PATRQT", "act-on-alert", patient(), "!staff-only"),
    ("a patient gives no staff purpose", SELF, "CAREMGT", "read-readings", patient(), "!purpose"),
    (
        "another patient is nobody",
        ActorFacts("patient", patient_id=OTHER),
        "PATRQT",
        "read-readings",
        patient(),
        "!not-self",
    ),
    ("nobody is the canary", SELF, "PATRQT", "read-readings", patient(is_canary=True), "!not-self"),
    ("a carer within scope", RELATED, "PATRQT", "read-readings", patient(grant=grant()), "proxy-consent"),
    (
        "a carer with two scopes",
        RELATED,
        "PATRQT",
        "read-alerts",
        patient(grant=grant(("readings", "alerts"))),
        "proxy-consent",
    ),
    ("a carer beyond scope", RELATED, "PATRQT", "read-alerts", patient(grant=grant()), "!scope"),
    ("a scope nobody knows", RELATED, "PATRQT", "read-readings", patient(grant=grant(("all",))), "!scope"),
    (
        "a carer never acts on an alert",
        RELATED,
        "PATRQT",
        "act-on-alert",
        patient(grant=grant(("readings", "alerts", "add-readings", "plan"))),
        "!scope",
    ),
    ("a carer without consent", RELATED, "PATRQT", "read-readings", patient(), "!no-consent"),
    (
        "another carer's consent",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(carer=8)),
        "!no-consent",
    ),
    (
        "a consent that ran out",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(valid=PAST)),
        "!consent-ended",
    ),
    (
        "a consent that has not begun",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(valid=FUTURE)),
        "!consent-ended",
    ),
    (
        "a consent taken back",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(revoked=NOW)),
        "!consent-ended",
    ),
    (
        "a consent that will be taken back",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(revoked=NOW + HOUR)),
        "proxy-consent",
    ),
    ("a carer gives no staff purpose", RELATED, "TREAT", "read-readings", patient(grant=grant()), "!purpose"),
    (
        "no carer of the canary",
        RELATED,
        "PATRQT",
        "read-readings",
        patient(grant=grant(), is_canary=True),
        "!no-consent",
    ),
    ("a nurse on the caseload", nurse(), "CAREMGT", "read-record", patient(), "caseload"),
    ("a nurse who treats", nurse(), "TREAT", "act-on-alert", patient(), "caseload"),
    ("a nurse of another team", nurse(OTHER_TEAM), "CAREMGT", "read-record", patient(), "!not-on-caseload"),
    ("a nurse who left the team", nurse(valid=PAST), "CAREMGT", "read-record", patient(), "!not-on-caseload"),
    (
        "a patient no longer looked after",
        nurse(),
        "CAREMGT",
        "read-record",
        patient(care=PAST),
        "!not-on-caseload",
    ),
    (
        "a patient not yet looked after",
        nurse(),
        "TREAT",
        "read-record",
        patient(care=FUTURE),
        "!not-on-caseload",
    ),
    ("break glass opens nothing yet", nurse(), "BTG", "read-record", patient(), "!purpose"),
    ("a nurse does not ask as the patient", nurse(), "PATRQT", "read-readings", patient(), "!purpose"),
    ("a nurse never sees the canary", nurse(), "CAREMGT", "read-record", patient(is_canary=True), "!canary"),
    (
        "the watcher sees the canary",
        nurse(role=CANARY_WATCHER),
        "CAREMGT",
        "read-record",
        patient(is_canary=True),
        "caseload",
    ),
    (
        "the watcher sees nobody else",
        nurse(role=CANARY_WATCHER),
        "CAREMGT",
        "read-record",
        patient(),
        "!canary",
    ),
    ("an installer sees kit", nurse(role=INSTALLER), "CAREMGT", "read-kit", patient(), "caseload"),
    ("an installer gives kit", nurse(role=INSTALLER), "CAREMGT", "change-kit", patient(), "caseload"),
    (
        "an installer reads nothing",
        nurse(role=INSTALLER),
        "CAREMGT",
        "read-readings",
        patient(),
        "!installer",
    ),
    ("an installer opens no record", nurse(role=INSTALLER), "TREAT", "read-record", patient(), "!installer"),
    (
        "an installer claims no alert",
        nurse(role=INSTALLER),
        "CAREMGT",
        "act-on-alert",
        patient(),
        "!installer",
    ),
    (
        "an installer moves no dates",
        nurse(role=INSTALLER),
        "CAREMGT",
        "correct-wearer",
        patient(),
        "!installer",
    ),
    (
        "an installer of another team",
        nurse(OTHER_TEAM, role=INSTALLER),
        "CAREMGT",
        "read-kit",
        patient(),
        "!not-on-caseload",
    ),
    ("a nurse corrects dates", nurse(), "CAREMGT", "correct-wearer", patient(), "caseload"),
    ("a patient sees no list of kit", SELF, "PATRQT", "read-kit", patient(), "!staff-only"),
    ("a program", ActorFacts("system"), "HOPERAT", "read-readings", patient(), "!no-relationship"),
    ("nobody", ActorFacts("anonymous"), "PATRQT", "read-readings", patient(), "!no-relationship"),
]


@pytest.mark.parametrize(
    ("actor", "purpose", "action", "facts", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_policy_decides_by_relationship(
    actor: ActorFacts, purpose: str, action: str, facts: PatientFacts, expected: str
) -> None:
    decision = may(actor, Purpose(purpose), Action(action), facts)
    assert (decision.allowed, decision.rule) == (not expected.startswith("!"), expected.lstrip("!"))


@pytest.mark.parametrize(
    ("span", "inside"),
    [(Span(), True), (Span(NOW), True), (Span(NOW + HOUR), False), (Span(None, NOW), False), (PAST, False)],
)
def test_a_span_holds_from_its_start_up_to_but_not_at_its_end(span: Span, inside: bool) -> None:
    assert span.holds(NOW) is inside
