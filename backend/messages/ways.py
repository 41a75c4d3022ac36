"""Which channels lead to whom now, and whether it is their night: read at the moment of sending.

It is the one place in this slice that reads tables of access, and it only reads.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import text

from backend.access.hours import watch
from backend.core.config import Messaging
from backend.core.db import db
from backend.messages.outgoing import Address, PushTarget

Targets = tuple[str | PushTarget, ...]
# pwa.md's finding in our words: a phone drops its subscription without telling anybody, so one that has not been
# confirmed for a week comes after the other ways.
PROVEN_FOR = timedelta(days=7)
HOME_ZONE = "Europe/London"
# Alongside defaults, not national guidance: no nudge between these times at home. Never for anything red, nor for
# what only helps at once.
QUIET_FROM, QUIET_TO = time(21), time(8)
AT_ONCE = frozenset({"please-measure-again"})
ORDER = ("web-push", "sms", "email")

_PEOPLE = text(
    """select p.public_id, p.phone, c.channel, c.email, c.quiet_from, c.quiet_to, (
        select t.time_zone from caseload l join care_team t on t.id = l.care_team_id
        where l.patient_id = p.id and l.valid @> db_now() order by l.id limit 1) as zone
    from patient p left join contact_preference c on c.patient_id = p.id
    where p.public_id = any(cast(:refs as uuid[]))"""
)
_RELATED = text("select public_id, phone from related_person where public_id = any(cast(:refs as uuid[]))")
_STAFF = text(
    """select p.public_id, c.channel, c.address, r.channels as preferred from practitioner p
    left join practitioner_contact c on c.practitioner_id = p.id
    left join practitioner_reach r on r.practitioner_id = p.id
    where p.public_id = any(cast(:refs as uuid[])) and not coalesce(r.stopped, false)"""
)
_ORGANIZATIONS = text(
    """select o.public_id, c.channel, c.address from organization o
    join organization_contact c on c.organization_id = o.id
    where o.public_id = any(cast(:refs as uuid[]))"""
)
_PUSH = text(
    """select o.kind, o.ref, s.endpoint, s.p256dh, s.auth,
        s.confirmed_at > db_now() - cast(:proven as interval) as proven
    from push_subscription s join (
        select 'patient' as kind, public_id::text as ref, id as patient_id, null::int as related_person_id,
            null::int as practitioner_id from patient where public_id = any(cast(:people as uuid[]))
        union all select 'related-person', public_id::text, null, id, null from related_person
            where public_id = any(cast(:related as uuid[]))
        union all select 'practitioner', public_id::text, null, null, id from practitioner
            where public_id = any(cast(:staff as uuid[]))
        union all select 'care-team', m.care_team_id::text, null, null, m.practitioner_id
            from care_team_member m where m.care_team_id = any(cast(:teams as int[])) and m.valid @> db_now()
    ) o on o.patient_id = s.patient_id or o.related_person_id = s.related_person_id
        or o.practitioner_id = s.practitioner_id
    order by s.confirmed_at desc"""
)


@dataclass
class Ways:
    """How somebody is reached: channel to targets, and their night where they have one."""

    targets: dict[str, list[str | PushTarget]] = field(default_factory=dict)
    preferred: Sequence[str] = ()
    push_is_proven: bool = False
    quiet: tuple[time, time, str] | None = None

    def add(self, channel: str, *targets: str | PushTarget | None) -> None:
        """One more way, if there is one."""
        self.targets.setdefault(channel, []).extend(one for one in targets if one)

    def in_order(self, configured: Collection[str]) -> list[str]:
        """The channels that can be used now: the preferred first, a push nobody has confirmed lately last."""
        usable = [one for one in ORDER if one in configured and self.targets.get(one)]
        unproven = not self.push_is_proven
        place = {one: place for place, one in enumerate(self.preferred)}
        return sorted(usable, key=lambda one: (one == "web-push" and unproven, place.get(one, len(place))))

    def quiet_until(self, at: datetime) -> datetime | None:
        """When their night ends, if it is now; `at` aware UTC."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return None
        begins, ends, zone = self.quiet
        # By day from the end of the night to its beginning somebody may be nudged.
        return watch(ends, begins, zone, at).next_at


def ways_to(addresses: Collection[Address]) -> Mapping[Address, Ways]:
    """The ways to each of these, all in a handful of statements; an address nobody has leads nowhere."""
    found = {address: Ways() for address in addresses}
    _people(found)
    _others(found)
    _push(found)
    settings: Messaging = current_app.config["MESSAGING"]
    for address, ways in found.items():
        if address.kind == "duty":
            ways.add("sms", settings.duty_sms)
            ways.add("email", settings.duty_email)
    return found


def _refs(found: Iterable[Address], kind: str) -> list[UUID]:
    refs = []
    for address in found:
        if address.kind == kind:
            try:
                refs.append(UUID(address.ref))
            except ValueError:
                continue
    return refs


def _people(found: Mapping[Address, Ways]) -> None:
    refs = _refs(found, "patient")
    for row in db.session.execute(_PEOPLE, {"refs": refs}) if refs else ():
        ways = found[Address("patient", str(row.public_id))]
        ways.add("sms", row.phone)
        ways.add("email", row.email)
        ways.preferred = (row.channel,) if row.channel else ()
        zone = row.zone or HOME_ZONE
        ways.quiet = (row.quiet_from or QUIET_FROM, row.quiet_to or QUIET_TO, str(ZoneInfo(zone)))


def _others(found: Mapping[Address, Ways]) -> None:
    related, staff = _refs(found, "related-person"), _refs(found, "practitioner")
    for row in db.session.execute(_RELATED, {"refs": related}) if related else ():
        found[Address("related-person", str(row.public_id))].add("sms", row.phone)
    for row in db.session.execute(_STAFF, {"refs": staff}) if staff else ():
        ways = found[Address("practitioner", str(row.public_id))]
        ways.preferred = row.preferred or ()
        if row.channel is not None:
            ways.add(row.channel, row.address)
    around = _refs(found, "organization")
    for row in db.session.execute(_ORGANIZATIONS, {"refs": around}) if around else ():
        found[Address("organization", str(row.public_id))].add(row.channel, row.address)


def _push(found: Mapping[Address, Ways]) -> None:
    people, related = _refs(found, "patient"), _refs(found, "related-person")
    staff = _refs(found, "practitioner")
    teams = [int(one.ref) for one in found if one.kind == "care-team" and one.ref.isdigit()]
    if not (people or related or staff or teams):
        return
    asked = {"people": people, "related": related, "staff": staff, "teams": teams, "proven": PROVEN_FOR}
    for row in db.session.execute(_PUSH, asked):
        ways = found[Address(row.kind, row.ref)]
        ways.add("web-push", PushTarget(row.endpoint, row.p256dh, row.auth))
        ways.push_is_proven = ways.push_is_proven or row.proven


def is_kept_for_the_day(template: str, facts: Mapping[str, Any]) -> bool:
    """Whether a message waits for the morning: not what is red, and not what only helps at once."""
    return facts.get("level") not in ("urgent", "emergency") and template not in AT_ONCE


def usable(ways: Ways, asked: str, configured: Sequence[str], kind: str) -> list[tuple[str, Targets]]:
    """What to try, in order, for a communication that asks for `asked` to an address of a kind.

    For "best" with no way at all there is the log, which is all a service has before it is told of a provider. An
    organisation sees no page of ours, so for it there is none: that it was not told is said, and a human tells it.
    """
    if asked != "best":
        return [(asked, tuple(ways.targets.get(asked, ())))]
    names = ways.in_order(configured) or ([] if kind == "organization" else ["log"])
    return [(name, tuple(ways.targets.get(name, ()))) for name in names]
