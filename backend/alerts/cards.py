"""One person, one card: what is found within a day joins the card that is open, so that one nurse has all of it.

Technical faults stand on a card of their own, because nobody should ring about a pulse and hear of a battery.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from backend.core.db import db

# Alongside default, not national guidance: what belongs together is found within a day.
JOINS_WITHIN_H = 24
# Of our advisory locks, those of a person's cards.
CARD_LOCK = 7041020

_LOCK = text("select pg_advisory_xact_lock(cast(:lock as int), id) from unnest(cast(:ids as int[])) id")
_KEYS = text("select id from patient where public_id = any(cast(:ids as uuid[]))")
_WHOSE = text(
    "select distinct patient_id from alert where public_id = any(cast(:ids as uuid[])) and patient_id is not null"
)
_JOIN = text(
    """with fresh as (
        select id, patient_id, kind = 'technical' as technical from alert
        where id = any(:ids) and patient_id is not null),
    home as (
        select distinct on (f.id) f.id, a.card_id
        from fresh f
        join alert a on a.patient_id = f.patient_id and a.closed_at is null and a.id < f.id
            and (a.kind = 'technical') = f.technical
        join alert head on head.id = a.card_id and head.opened_at > db_now() - :hours * interval '1 hour'
        order by f.id, a.card_id)
    update alert a set card_id = home.card_id from home where a.id = home.id
    returning a.id, a.card_id"""
)
_TRY_LOCK = text(
    """select id from (select id from unnest(cast(:ids as int[])) id order by id offset 0) one
    where pg_try_advisory_xact_lock(cast(:lock as int), id)"""
)
# A row held meanwhile is waited for: the sweeps hold heads without giving them a version, and wait for nobody.
_BUMP = text(
    """update alert set version = version + 1 where id in (
        select id from alert where id = any(:ids) order by id for update)"""
)


def lock_cards(patient_ids: Collection[int]) -> None:
    """Let nobody else open or close these people's cards until this transaction ends.

    Taken before any row of an alert, and in one order, so that two who wait for each other cannot come about.
    """
    if patient_ids:
        db.session.execute(_LOCK, {"lock": CARD_LOCK, "ids": sorted(set(patient_ids))})


def lock_cards_of(public_ids: Collection[UUID]) -> None:
    """The same by the names people have outside: for a request, before the door writes to the audit.

    Each audit row holds its part of the chain until the commit. Whoever has a card writes there last, so nobody may
    stand there and wait for a card.
    """
    lock_cards(set(db.session.scalars(_KEYS, {"ids": list(public_ids)})))


def lock_cards_with(alert_ids: Collection[UUID]) -> None:
    """The same for everybody whom these alerts are about."""
    lock_cards(set(db.session.scalars(_WHOSE, {"ids": list(alert_ids)})))


def try_lock_cards(patient_ids: Collection[int]) -> set[int]:
    """The same without waiting; answers whose cards are locked now.

    For a sweep that comes round again, after other locks were taken: who does not wait can stand in no circle.
    """
    if not patient_ids:
        return set()
    return set(db.session.scalars(_TRY_LOCK, {"lock": CARD_LOCK, "ids": sorted(set(patient_ids))}))


def join_cards(alert_ids: Collection[int]) -> dict[int, int]:
    """Put alerts just opened on the card of their person that is open; answers alert -> card of those that joined.

    The caller holds the locks of these people's cards. The head of the card has a new version then: whoever looks
    at the card sees it anew before they act on it.
    """
    if not alert_ids:
        return {}
    asked = {"ids": list(alert_ids), "hours": JOINS_WITHIN_H}
    joined = {row.id: row.card_id for row in db.session.execute(_JOIN, asked)}
    bump_cards(set(joined.values()) - set(alert_ids))
    return joined


def bump_cards(card_ids: Collection[int]) -> None:
    """Give the heads of these cards a new version; the caller holds the locks of their people."""
    if card_ids:
        db.session.execute(_BUMP, {"ids": sorted(card_ids)})
