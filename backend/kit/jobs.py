"""Keeps the broker's list of accounts as ours: the revoked and the unknown go, the missing are told."""

import logging

from flask import current_app

from backend.core.db import transaction
from backend.core.errors import Unavailable
from backend.core.job import Job
from backend.kit import accounts, claims

log = logging.getLogger("alongside.kit")

FINISH_EVERY_S = 15
COMPARE_EVERY_S = 900


def _has_broker() -> bool:
    return current_app.config.get("MQTT_CONTROL_URL") is not None


def finish_revocations() -> int:
    """Cut off what was revoked while the broker was away, and finish claims and rotations that a crash left."""
    with transaction():
        claims.give_back_unfinished()
    accounts.finish_rotations()
    if _has_broker():
        accounts.finish_revocations()
    return 0


def compare_accounts() -> int:
    """Compare the broker's list with ours; without the broker, next time."""
    if not _has_broker():
        return 0
    try:
        found = accounts.reconcile()
    except Unavailable as away:
        log.warning("accounts not compared", extra={"phase": "credentials", "code": away.code})
        return 0
    if found.withdrawn or found.missing:
        log.warning("accounts compared", extra={"withdrawn": found.withdrawn, "missing": len(found.missing)})
    return 0


JOBS = (
    Job("finish_revocations", finish_revocations, every_s=FINISH_EVERY_S),
    Job("compare_accounts", compare_accounts, every_s=COMPARE_EVERY_S),
)
