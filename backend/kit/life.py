"""The life of kit as tables: what may follow what, what has to be proved, and what is worth a flag. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from backend.devices.service import Piece

STATES: Final = (
    "in-stock", "issued", "live", "to-collect", "collected", "cleaned", "checked", "scrapped", "lost",
)  # fmt: skip
# The only table of what may follow what. Nothing leads back to people but by collected, cleaned and checked.
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "in-stock": ("issued", "scrapped", "lost"),
    "issued": ("live", "to-collect", "lost"),
    "live": ("to-collect", "lost"),
    "to-collect": ("collected", "live", "lost"),
    "collected": ("cleaned", "scrapped", "lost"),
    "cleaned": ("checked", "scrapped", "lost"),
    "checked": ("in-stock", "cleaned", "scrapped", "lost"),
    "lost": ("collected", "scrapped"),
    "scrapped": (),
}
# With people, or on the way to them: only this kit is given to anybody.
FOR_PEOPLE: Final = frozenset({"in-stock", "issued", "live"})

TELECARE: Final = frozenset({"pendant", "telecare-unit", "fall-detector", "smoke-detector", "co-detector"})
LINE_TYPES: Final = ("digital", "analogue", "cellular", "unknown")
# The proof of an installation, and that the 24-hour route answered (care rules, sections 1 and 6).
STEPS: Final[Mapping[str, str]] = {
    "press-bathroom": "Press from the bathroom",
    "press-bedroom": "Press from the bedroom",
    "signal": "Signal where it stands",
    "power-cut": "Goes on through a power cut",
    "key-holder": "Key-holder reached and told",
    "route": "The 24-hour route answered a press",
}
WORDS: Final[Mapping[str, str]] = {
    **{step: f"prove: {words.lower()}" for step, words in STEPS.items()},
    "route-named": "name the 24-hour route",
    "clean": "clean it",
    "check": "check it",
    "wipe": "wipe the last person's data",
    "still-worn": "end who has it",
    "not-worn": "give it to somebody",
}

# Alongside defaults, not national guidance. The monthly test is what telecare providers publish for their users.
TEST_EVERY: Final = timedelta(days=31)
BATTERY_LOW_PCT: Final = 20
BACK_WITHIN: Final = timedelta(minutes=5)
# As the worklist's rule of silence: 2.5 of the interval it promised, and a little more when it said it sleeps; a
# broken connection is told after two minutes, because Wi-Fi flaps.
SILENT_AFTER: Final = 2.5
WAKE_MARGIN: Final = timedelta(minutes=15)
LOST_GRACE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Step:
    """The last time a step was tried; `outcome` is proved or failed."""

    step: str
    outcome: str
    at: datetime
    practitioner_id: int | None = None
    note: str = ""
    signal_dbm: int | None = None


def is_telecare(piece: Piece) -> bool:
    """True for kit that calls for help, which has to be proved where it stands."""
    return piece.kind in TELECARE


def counts(piece: Piece, step: Step) -> bool:
    """True when nothing made this try worthless since: a move, or for the route another route."""
    void_before = [piece.moved_at, piece.route_set_at if step.step == "route" else None]
    return all(at is None or step.at > at for at in void_before)


def unproved(piece: Piece, steps: Sequence[Step]) -> list[str]:
    """What the installation still lacks, in order; empty for kit that calls nobody."""
    if not is_telecare(piece):
        return []
    proved = {one.step for one in steps if one.outcome == "proved" and counts(piece, one)}
    named = [] if piece.route_name else ["route-named"]
    return [step for step in STEPS if step not in proved] + named


def missing_for(piece: Piece, to: str, steps: Sequence[Step], is_worn: bool) -> list[str]:
    """What stands between this kit and state `to`; empty when it may go there now."""
    if to == "live":
        return ([] if is_worn else ["not-worn"]) + unproved(piece, steps)
    if to == "issued":
        return [] if is_worn else ["not-worn"]
    if to == "in-stock":
        return (["still-worn"] if is_worn else []) + _not_ready_for_others(piece)
    return ["still-worn"] if is_worn and to in ("collected", "cleaned", "scrapped") else []


def _not_ready_for_others(piece: Piece) -> list[str]:
    back = piece.collected_at
    done = {"clean": piece.cleaned_at, "check": piece.checked_at, "wipe": piece.wiped_at}
    return [name for name, at in done.items() if at is None or (back is not None and at < back)]


def in_words(missing: Collection[str]) -> str:
    """What has to be done first, as a sentence; empty when nothing."""
    if not missing:
        return ""
    return f"First {', '.join(WORDS[one] for one in missing)}."


def flags(
    piece: Piece, unproved_steps: Sequence[str], last_test: datetime | None, firmware_certified: bool | None,
    has_account: bool, as_of: datetime, given_at: datetime | None = None,
) -> list[str]:  # fmt: skip
    """What somebody should know of this kit, worst first. A flag refuses nothing.

    `given_at` is since when somebody has it now; None when nobody does, whose silence worries nobody.
    """
    with_people = piece.kit_state in ("issued", "live")
    telecare = is_telecare(piece) and with_people
    is_back = piece.rotated_at is None or (
        piece.last_seen_at is not None and piece.last_seen_at > piece.rotated_at
    )
    moved = piece.moved_at is not None and piece.proved_at is not None and piece.proved_at <= piece.moved_at
    overdue = last_test is None or as_of - last_test > TEST_EVERY
    told = {
        "no-account": not has_account and piece.revoked_at is None,
        "revoked": piece.revoked_at is not None,
        "not-back-since-rotation": not is_back and as_of - (piece.rotated_at or as_of) > BACK_WITHIN,
        **_quiet(piece, given_at if with_people and piece.revoked_at is None else None, as_of),
        "not-proved": telecare and bool(unproved_steps) and not moved,
        "not-proved-since-moved": telecare and bool(unproved_steps) and moved,
        "test-overdue": telecare and piece.kit_state == "live" and overdue,
        "analogue-line": telecare and piece.line_type == "analogue",
        "firmware-not-certified": with_people and firmware_certified is False,
        "calibration-due": piece.calibration_due is not None and piece.calibration_due <= as_of.date(),
        "battery-low": with_people and piece.battery_pct is not None and piece.battery_pct <= BATTERY_LOW_PCT,
    }  # fmt: skip
    return [flag for flag, stands in told.items() if stands]


def _quiet(piece: Piece, given_at: datetime | None, as_of: datetime) -> dict[str, bool]:
    """Whether kit with a person is heard as it promised; at most one of the three stands."""
    if given_at is None:
        return {}
    seen = piece.last_seen_at
    every_s = piece.expected_every_s or min(piece.said_hb_s or piece.hb_s, piece.hb_s)
    quiet_at = max(seen or given_at, given_at) + timedelta(seconds=SILENT_AFTER * every_s)
    if piece.asleep_until is not None:
        quiet_at = max(quiet_at, piece.asleep_until + WAKE_MARGIN)
    is_quiet = as_of >= quiet_at
    lost_at = piece.presence_at if piece.presence == "lost" else None
    is_lost = lost_at is not None and as_of - lost_at >= LOST_GRACE
    return {
        "silent": is_quiet and seen is not None,
        "not-connected": is_lost and not is_quiet,
        "never-heard": is_quiet and seen is None,
    }


FLAGS: Final = (
    "no-account", "revoked", "not-back-since-rotation", "silent", "not-connected", "never-heard", "not-proved",
    "not-proved-since-moved", "test-overdue", "analogue-line", "firmware-not-certified", "calibration-due",
    "battery-low",
)  # fmt: skip
