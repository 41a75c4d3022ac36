"""What other slices may ask of the directory: an organisation's name and code, a place in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.db import db
from backend.directory.models import Location, Organization


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organisation as screens name it."""

    name: str
    ods_code: str | None


def organizations(ids: Collection[int]) -> Mapping[int, OrganizationRef]:
    """Organisations by inside key; those that do not exist are absent."""
    rows = db.session.execute(
        select(Organization.id, Organization.name, Organization.ods_code).where(
            Organization.id.in_(list(ids))
        )
    )
    return {row.id: OrganizationRef(row.name, row.ods_code) for row in rows}


def lines(location_ids: Collection[int]) -> Mapping[int, str]:
    """Places in one line, by inside key."""
    rows = db.session.execute(select(Location).where(Location.id.in_(list(location_ids)))).scalars()
    return {row.id: ", ".join(part for part in (row.line, row.postcode) if part) for row in rows}
