"""Tries kept messages again with today's decoders, as received when they first came, through the same door."""

import logging
import threading
from collections.abc import Sequence
from functools import partial

import sqlalchemy.exc
from flask import Flask

from backend.core.db import transaction
from backend.devices.known import wearer_named
from backend.observations.reading import Duplicate, Outcome, Refused, Stored
from backend.observations.service import record_readings
from backend.quarantine import replays
from backend.quarantine.replays import Taken
from device_gateway import faults
from device_gateway.anchors import date_again
from device_gateway.arrival import Arrived
from device_gateway.opening import Opened, inbound, open_message
from device_gateway.sparing import DATABASE_ERRORS, is_refusal, lacks_partition, open_months, sparing

log = logging.getLogger("device_gateway.replay")

# One transaction takes so many: few enough that a page sees it move, and that a kill repeats little.
BATCH = 20
# Asking costs one look at an empty index. Listening would hear of every reading of everybody.
LOOK_EVERY_S = 1.0
AWAY_S = 5.0


class Replays(threading.Thread):
    """Takes what a desk asked for, until told to stop. A batch that is cut off waits as if it were never taken."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="replays", daemon=True)
        self._app = app
        self._stop_asked = threading.Event()
        self.done = 0

    def ask_to_stop(self) -> None:
        """End after the batch in hand."""
        self._stop_asked.set()

    def run(self) -> None:
        """Look, and look again at once while there is something."""
        wait = 0.0
        while not self._stop_asked.wait(wait):
            try:
                with self._app.app_context():
                    done = replay_waiting()
            except DATABASE_ERRORS as error:
                log.warning("replays: the database is away (%s)", type(error).__name__)
                wait = AWAY_S
            else:
                self.done += done
                wait = 0.0 if done else LOOK_EVERY_S


def replay_waiting(limit: int = BATCH) -> int:
    """Try up to `limit` waiting messages again and COMMIT; answers how many were taken.

    Raises the driver's error when the database is away: all of them wait again then.
    """
    try:
        with transaction():
            taken = replays.take(limit)
            _try_all(taken)
            if taken:
                faults.reach("replay-before-commit")
    except DATABASE_ERRORS as error:
        if lacks_partition(error):
            open_months()
        elif not is_refusal(error):
            raise
    except Exception as error:
        # Only its kind: what it says, and its traceback, may quote a message.
        log.error("a batch of replays failed (%s); trying one by one", type(error).__name__)
    else:
        if taken:
            faults.reach("replay-after-commit")
        return len(taken)
    return _one_by_one(limit)


def _one_by_one(limit: int) -> int:
    """Find the message that spoils a batch: it is refused with what went wrong, and the others go on."""
    done = 0
    while done < limit:
        trouble = ""
        taken: Sequence[Taken] = ()
        try:
            with transaction():
                taken = replays.take(1)
                _try_all(taken)
        except DATABASE_ERRORS as error:
            if not is_refusal(error) and not lacks_partition(error):
                raise
            trouble = f"SQLSTATE {_state(error)}"
        except Exception as error:
            trouble = type(error).__name__
            log.error("replay %s failed (%s)", ", ".join(str(one.replay_id) for one in taken), trouble)
        if trouble:
            with transaction():
                taken = replays.take(1)
                for one in taken:
                    replays.refused(one, "unstorable", trouble)
        if not taken:
            break
        done += 1
    return done


def _state(error: BaseException) -> str:
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    return str(getattr(cause, "sqlstate", None))


def _try_all(taken: Sequence[Taken]) -> None:
    ready: list[tuple[Taken, Opened]] = []
    for one in taken:
        message = one.message
        arrived = Arrived(message.topic, message.payload, message.first_received_at)
        opened = open_message(arrived, *arrived.address())
        if opened.refused is not None:
            replays.refused(one, opened.refused.reason, opened.refused.detail)
        elif not opened.items or opened.channel.split("/")[0] not in replays.CHANNELS:
            replays.refused(one, "channel", f"up/{opened.channel}"[:200])
        else:
            ready.append((one, opened))
    date_again([opened for _, opened in ready])
    worn = [(one, opened) for one, opened in ready if one.patient_id is None]
    undone = {one.replay_id for one, _ in worn if replays.was_undone(one)}
    _store([each for each in worn if each[0].replay_id not in undone], keyed=True)
    _store([each for each in worn if each[0].replay_id in undone], keyed=False)
    for one, opened in ready:
        if one.patient_id is not None:
            _note(one, opened, _give(one, opened, one.patient_id))


def _store(worn: Sequence[tuple[Taken, Opened]], *, keyed: bool) -> None:
    """Store messages for whoever wore the device then."""
    outcomes = sparing([inbound(opened) for _, opened in worn], partial(record_readings, keyed=keyed))
    for (one, opened), outcome in zip(worn, outcomes, strict=True):
        _note(one, opened, outcome)


def _give(one: Taken, opened: Opened, patient_id: int) -> Outcome:
    """Store a message for the person somebody at a desk named."""
    message = inbound(opened)
    wearer = wearer_named(message.device, patient_id, message.readings[0].effective_at)
    keyed = not replays.was_undone(one)
    return sparing([message], lambda some: record_readings(some, worn=[wearer], keyed=keyed))[0]


def _note(one: Taken, opened: Opened, outcome: Outcome) -> None:
    if isinstance(outcome, Stored):
        replays.stored(one, inbound(opened), outcome)
    elif isinstance(outcome, Duplicate):
        replays.known_already(one)
    else:
        assert isinstance(outcome, Refused)
        replays.refused(one, outcome.reason, outcome.detail)
