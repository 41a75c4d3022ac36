"""What other slices may ask of the directory: an organisation's name and code, a place in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.core.db import db
from backend.directory.models import Location, Organization


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organisation as screens name it."""

    name: str
    ods_code: str | None
    phone: str | None = None


def organizations(ids: Collection[int]) -> Mapping[int, OrganizationRef]:
    """Organisations by inside key; those that do not exist are absent."""
    rows = db.session.execute(
        select(Organization.id, Organization.name, Organization.ods_code, Organization.phone).where(
            Organization.id.in_(list(ids))
        )
    )
    return {row.id: OrganizationRef(row.name, row.ods_code, row.phone) for row in rows}


@dataclass(frozen=True, slots=True)
class OrganizationContact:
    """An organisation as a person calls it."""

    name: str
    phone: str | None


def contact_of(organization_id: int) -> OrganizationContact | None:
    """Name and telephone of an organisation; None when there is none."""
    row = db.session.get(Organization, organization_id)
    return None if row is None else OrganizationContact(row.name, row.phone)


def lines(location_ids: Collection[int]) -> Mapping[int, str]:
    """Places in one line, by inside key."""
    rows = db.session.execute(select(Location).where(Location.id.in_(list(location_ids)))).scalars()
    return {row.id: ", ".join(part for part in (row.line, row.postcode) if part) for row in rows}


def practice_by_code(ods_code: str) -> int | None:
    """The inside key of the GP practice with this ODS code."""
    found = select(Organization.id).where(
        Organization.kind == "gp-practice", Organization.ods_code == ods_code.strip().upper()
    )
    return db.session.scalar(found)


@dataclass(frozen=True, slots=True)
class PracticeRef:
    """A GP practice for a list to choose from; `key` stays on the server."""

    key: int
    id: UUID
    name: str


def practices() -> list[PracticeRef]:
    """Every GP practice, by name."""
    rows = db.session.execute(
        select(Organization.id, Organization.public_id, Organization.name)
        .where(Organization.kind == "gp-practice")
        .order_by(Organization.name, Organization.id)
    )
    return [PracticeRef(*row) for row in rows]


def add_place(line: str, postcode: str | None) -> int:
    """A new place somebody lives at; answers its inside key."""
    row = Location(line=line, postcode=postcode)
    db.session.add(row)
    db.session.flush()
    return row.id


def addresses_of(ids: Collection[int]) -> Mapping[int, UUID]:
    """The public id by which a communication reaches each of these organisations."""
    rows = db.session.execute(
        select(Organization.id, Organization.public_id).where(Organization.id.in_(list(ids)))
    )
    return {row.id: row.public_id for row in rows}


def alarm_centres() -> list[UUID]:
    """Every alarm receiving centre, by public id."""
    return list(db.session.scalars(select(Organization.public_id).where(Organization.kind == "alarm-centre")))


def community_organization(name: str) -> int:
    """The inside key of the community organisation of this name, made when there is none."""
    mine = select(Organization.id).where(Organization.kind == "community-team", Organization.name == name)
    found = db.session.scalars(mine.order_by(Organization.id)).first()
    if found is not None:
        return found
    row = Organization(kind="community-team", name=name)
    db.session.add(row)
    db.session.flush()
    return row.id
