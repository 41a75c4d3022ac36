"""The phones people sign in on, and what lets one bring what it recorded after its session ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Identity, Integer
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class Phone(Model):
    """A phone somebody signs in on, by the id it gave itself; a shared one has a row for each who signs in."""

    __tablename__ = "phone"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    public_id: Mapped[UUID]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    wiped_at: Mapped[datetime | None]


class UploadRight(Model):
    """Lets a phone bring what it recorded after its session ended; only the ticket's hash is kept."""

    __tablename__ = "upload_right"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    ticket_hash: Mapped[bytes]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    phone_id: Mapped[int] = mapped_column(ForeignKey("phone.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    expires_at: Mapped[datetime]
