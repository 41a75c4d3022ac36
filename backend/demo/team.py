"""The invented team, practices and carers around the demo's people, and the names they sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

TEAM_NAME: Final = "Harbour community team"
TEAM_PHONE: Final = "01632 960100"
COMMUNITY: Final = ("Harbour community health", "01632 960101")
# Two letters in front: a form that no real practice's ODS code has.
PRACTICES: Final = (
    ("Lantern Field Surgery", "QZ9901", "01632 960201"),
    ("Pebble Bank Practice", "QZ9902", "01632 960202"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """One of the team: the name to sign in with, the name on the screen, and the role."""

    username: str
    display: str
    role: str


@dataclass(frozen=True, slots=True)
class Carer:
    """A relative: whom they help (person numbers) and what the person agreed they may see and do."""

    username: str
    display: str
    phone: str
    helps: tuple[int, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One local account of the demo; `role` is told to whoever runs it."""

    username: str
    kind: Literal["patient", "related-person", "practitioner"]
    display: str
    role: str
    person: int | None = None


STAFF: Final = (
    Staff("demo-nurse", "Hannah Fern", "nurse"),
    Staff("demo-nurse-2", "Daniel Moss", "nurse"),
    Staff("demo-therapist", "Leah Birch", "clinician"),
    Staff("demo-coordinator", "Imran Thorn", "nurse"),
)
# Not one of STAFF, who look after readings: this one brings, proves and fetches kit.
INSTALLER: Final = Staff("demo-installer", "Robin Heath", "installer")
# One of each of the other roles; the administrator makes accounts and opens nobody's record.
COLLEAGUES: Final = (
    Staff("demo-clinician", "Dr Mara Elm", "clinician"),
    Staff("demo-lead", "Owen Tarn", "team-lead"),
    Staff("demo-manager", "Petra Vale", "duty-manager"),
    Staff("demo-admin", "Silas Wren", "administrator"),
)
# Of both practices, and of no team.
RECEPTIONIST: Final = Staff("demo-practice", "Nia Rowan", "practice")
CARERS: Final = (
    Carer(
        "demo-carer",
        "Clara Ash",
        "07700 900201",
        (1,),
        ("readings", "alerts", "add-readings", "plan", "messages"),
    ),
    Carer("demo-carer-2", "Neil Bracken", "07700 900202", (5,), ("readings",)),
)
PATIENT_ACCOUNTS: Final = (("demo-person", 1), ("demo-person-2", 2))


def sign_ins(names: dict[int, str]) -> tuple[SignIn, ...]:
    """Every account of the demo; `names` maps a person's number to their name."""
    patients = tuple(
        SignIn(username, "patient", names[number], "person", number) for username, number in PATIENT_ACCOUNTS
    )
    carers = tuple(
        SignIn(one.username, "related-person", one.display, f"carer of {names[one.helps[0]]}")
        for one in CARERS
    )
    staff = tuple(
        SignIn(one.username, "practitioner", one.display, one.role)
        for one in (*STAFF, INSTALLER, *COLLEAGUES, RECEPTIONIST)
    )
    return (*patients, *carers, *staff)
