"""The demo's local accounts: readable passwords kept beside the data, hashes in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.access.models import Account, Patient, Practitioner, RelatedPerson
from backend.core.db import db
from backend.demo import kept, team
from backend.demo.people import PEOPLE
from backend.demo.team import SignIn


def ensure(home: Path, public_url: str) -> list[dict[str, str]]:
    """Make or mend every account; returns who may sign in: username, password, role, display, link."""
    passwords = kept.read(home / "demo.json")
    before = dict(passwords)
    names = {person.number: person.display_name for person in PEOPLE}
    listed = team.sign_ins(names)
    for one in listed:
        _ensure(one, passwords)
    if passwords != before:
        kept.write_private(home / "demo.json", passwords)
    return [
        {
            "username": one.username,
            "password": passwords[one.username]["password"],
            "role": one.role,
            "display": one.display,
            "link": link(public_url, one),
        }
        for one in listed
    ]


def link(public_url: str, one: SignIn) -> str:
    """Where an account signs in, its name filled in already."""
    door = "/team/sign-in" if one.kind == "practitioner" else "/sign-in"
    return f"{public_url.rstrip('/')}{door}?as={one.username}"


def _ensure(one: SignIn, passwords: dict[str, Any]) -> None:
    """Make the account, or give it back the password we told people; a hash we made before costs nothing."""
    mine = passwords.get(one.username)
    account = db.session.execute(select(Account).where(Account.username == one.username)).scalar_one_or_none()
    if mine is None:
        # Late, because a later start needs no hash and importing this makes one.
        from backend.access.sign_in.local import hash_password

        password = kept.new_password()
        mine = passwords[one.username] = {"password": password, "hash": hash_password(password)}
    if account is None:
        db.session.add(
            Account(
                username=one.username, password_hash=mine["hash"], kind=one.kind, **{_column(one): _key(one)}
            )
        )
        db.session.flush()
    elif account.password_hash != mine["hash"]:
        account.password_hash = mine["hash"]


def _column(one: SignIn) -> str:
    return {"patient": "patient_id", "related-person": "related_person_id"}.get(one.kind, "practitioner_id")


def _key(one: SignIn) -> int:
    if one.kind == "patient":
        number = dict(team.PATIENT_ACCOUNTS)[one.username]
        nhs_number = next(person.nhs_number for person in PEOPLE if person.number == number)
        return db.session.execute(select(Patient.id).where(Patient.nhs_number == nhs_number)).scalar_one()
    who = RelatedPerson if one.kind == "related-person" else Practitioner
    return db.session.execute(select(who.id).where(who.display_name == one.display)).scalar_one()
