"""What other slices may ask of messages: what could not be delivered, who can be reached, and to stop telling."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from backend.core.db import db
from backend.core.errors import Invalid
from backend.messages.jobs import configured
from backend.messages.models import (
    Communication,
    ContactPreference,
    PractitionerContact,
    PractitionerReach,
    PushSubscription,
)
from backend.messages.outgoing import Address
from backend.messages.ways import ORDER, ways_to

# The process that serves pages is told of no provider; the one that sends says in its heartbeat what it can use.
_TOLD = text("select detail -> 'channels' from heartbeat where name = 'worker'")
_NUMBER = re.compile(r"\+?[0-9]{7,15}")
_BESIDE_DIGITS = re.compile(r"[\s().-]")
# As much of RFC 5321 as tells an address from a slip of the pen; nothing that could end a header or begin another.
_EMAIL = re.compile(r"[^\s@<>(),;:\\\"]{1,64}@[^\s@<>(),;:\\\"]+\.[^\s@<>(),;:\\\".]{2,}")
LONGEST_NUMBER, LONGEST_EMAIL = 40, 254


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A communication that never arrived: ids, when it was made and why it failed."""

    id: UUID
    patient_id: int | None
    alert_id: int | None
    created_at: datetime
    why: str


def undelivered(limit: int = 50) -> list[Undelivered]:
    """The newest communications that failed for good."""
    failed = select(Communication).where(Communication.state == "failed")
    rows = db.session.scalars(failed.order_by(Communication.id.desc()).limit(limit))
    return [
        Undelivered(row.public_id, row.patient_id, row.alert_id, row.created_at, row.last_error or "")
        for row in rows
    ]


def counts() -> dict[str, int]:
    """How many communications wait, were sent and failed."""
    rows = db.session.execute(
        select(Communication.state, func.count().label("n")).group_by(Communication.state)
    )
    return {"waiting": 0, "sent": 0, "failed": 0} | {row.state: row.n for row in rows}


def stop(patient_id: int) -> int:
    """Tell this person and those around them nothing more: what waits for them is stopped. Answers how many.

    For a death or an ending; what staff are told about the person goes on.
    """
    waiting = update(Communication).where(
        Communication.patient_id == patient_id,
        Communication.state == "waiting",
        Communication.to_kind.in_(("patient", "related-person")),
    )
    stopped = db.session.scalars(waiting.values(state="stopped").returning(Communication.id)).all()
    return len(stopped)


def reach(addresses: Collection[Address]) -> Mapping[Address, tuple[str, ...]]:
    """The channels that lead to each of these now, best first; none for whom no configured channel leads to."""
    usable = sendable()
    return {address: tuple(ways.in_order(usable)) for address, ways in ways_to(addresses).items()}


def channels_here() -> list[str]:
    """What this very process was told how to send by."""
    return configured()


def sendable() -> list[str]:
    """What messages can leave by: of this process if it sends, else as the one that does last said."""
    here = configured()
    if any(one in ORDER for one in here):
        return here
    said: list[str] | None = db.session.scalar(_TOLD)
    return [*here, *(one for one in said or () if one in ORDER)]


def set_contact(practitioner_id: int, channel: str, address: str | None) -> None:
    """Where a member of staff is reached by "sms" or "email"; None takes it out. Raises Invalid, at the field."""
    if channel not in ("sms", "email"):
        raise Invalid("channel", "Staff are reached by sms or email; push is agreed to in the browser.")
    if address is not None:
        check_address(channel, address)
    mine = (PractitionerContact.practitioner_id == practitioner_id, PractitionerContact.channel == channel)
    if address is None:
        db.session.execute(delete(PractitionerContact).where(*mine))
        return
    row = {"practitioner_id": practitioner_id, "channel": channel, "address": address}
    db.session.execute(
        insert(PractitionerContact)
        .values(**row)
        .on_conflict_do_update(index_elements=["practitioner_id", "channel"], set_={"address": address})
    )


def check_address(channel: str, address: str) -> None:
    """Raise Invalid, at the field, for what no text ("sms") or e-mail ("email") could be sent to."""
    if channel == "sms":
        is_good = len(address) <= LONGEST_NUMBER and _NUMBER.fullmatch(_BESIDE_DIGITS.sub("", address))
        words = "Write a mobile number that can take a text message, like 07700 900123 or +44 7700 900123."
    else:
        is_good = len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address)
        words = "Write an e-mail address, like name@example.org."
    if not is_good:
        raise Invalid(channel, words, errors={channel: [words]})


def contacts(practitioner_ids: Collection[int]) -> Mapping[int, dict[str, str]]:
    """Each one's addresses by channel; who has none is absent."""
    found: dict[int, dict[str, str]] = {}
    asked = select(PractitionerContact).where(PractitionerContact.practitioner_id.in_(list(practitioner_ids)))
    for row in db.session.scalars(asked):
        found.setdefault(row.practitioner_id, {})[row.channel] = row.address
    return found


def sends_at_all() -> bool:
    """Whether messages can leave the house by anything."""
    return any(one in ORDER for one in sendable())


def prefer(patient_id: int, channel: str, email: str | None = None) -> None:
    """How a person wants to be told: "web-push", "sms" or "email". Raises Invalid."""
    if channel not in ORDER or (channel == "email" and not email):
        raise Invalid("channel", "Choose web-push, sms, or email with an address.")
    row = {"patient_id": patient_id, "channel": channel, "email": email}
    db.session.execute(
        insert(ContactPreference)
        .values(**row)
        .on_conflict_do_update(index_elements=["patient_id"], set_={"channel": channel, "email": email})
    )


def preference(patient_id: int) -> ContactPreference | None:
    """How a person chose to be told and when not; None for who has not chosen."""
    return db.session.get(ContactPreference, patient_id, populate_existing=True)


def keep_quiet(patient_id: int, begins: time, ends: time) -> None:
    """No nudges between these times on a person's own clock; who has not chosen a way yet is told by push first."""
    quiet = {"quiet_from": begins, "quiet_to": ends}
    row = insert(ContactPreference).values(patient_id=patient_id, channel=ORDER[0], **quiet)
    db.session.execute(row.on_conflict_do_update(index_elements=["patient_id"], set_=quiet))


def asleep_until(patient: UUID, at: datetime) -> datetime | None:
    """When a person's night ends, if it is now; None by day."""
    address = Address("patient", str(patient))
    return ways_to([address])[address].quiet_until(at)


def forget_browsers(*, practitioner_id: int | None = None, patient_id: int | None = None) -> int:
    """Ring no browser of somebody any more, when their account ends. Answers how many there were."""
    whose = (
        PushSubscription.practitioner_id == practitioner_id
        if practitioner_id is not None
        else PushSubscription.patient_id == patient_id
    )
    return len(db.session.scalars(delete(PushSubscription).where(whose).returning(PushSubscription.id)).all())


def end_reach(practitioner_id: int) -> None:
    """Tell somebody nothing any more, by no way, when their account is shut out; their addresses stay."""
    forget_browsers(practitioner_id=practitioner_id)
    _set_stopped(practitioner_id, True)


def resume_reach(practitioner_id: int) -> None:
    """Tell them again by the addresses they had; a browser has to agree anew."""
    _set_stopped(practitioner_id, False)


def _set_stopped(practitioner_id: int, stopped: bool) -> None:
    row = insert(PractitionerReach).values(practitioner_id=practitioner_id, stopped=stopped)
    changed = {"stopped": stopped, "changed_at": func.db_now()}
    db.session.execute(row.on_conflict_do_update(index_elements=["practitioner_id"], set_=changed))
