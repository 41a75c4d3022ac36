"""Says which check-ins are asked of somebody now: by the pathways they are on, once, and never what nobody answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from backend.check_ins.definitions import Questionnaire, questionnaires
from backend.pathways.check_ins import Sitting, left_out, sittings
from backend.pathways.pack import CheckIn, Pack
from backend.pathways.schedule import HOME, on
from backend.pathways.vocabulary import DAYS

# Alongside defaults, not national guidance. An answer this long before the time asked for counts for it: of what is
# asked daily, weekly, and (the weeks less this) seldomer, so that one given late moves the next and is not doubled.
EARLY_DAILY, EARLY_WEEKLY, LESS = timedelta(hours=3), timedelta(hours=24), timedelta(days=3)
# The name of packs of the first versions, and what it stands for on each pathway.
_DAILY_SIGNS = {"heart_failure": "heart-failure"}
_AFTER = "after-discharge"


@dataclass(frozen=True, slots=True)
class DueSitting:
    """Questionnaires asked together, since `due_at` (aware UTC)."""

    due_at: datetime
    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """What an answer names as having asked for it."""
        return f"{self.due_at:%Y-%m-%dT%H:%MZ}"


def wanted(packs: Iterable[Pack]) -> list[CheckIn]:
    """The check-ins of these packs, by the names of the questionnaires we hold."""
    found = [
        replace(one, id=_DAILY_SIGNS.get(pack.pathway, _AFTER) if one.id == "daily-signs" else one.id)
        for pack in packs
        for one in pack.check_ins
    ]
    return [one for one in found if one.id in questionnaires()]


def plan(
    packs: Sequence[Pack], *, is_rostered: bool, is_carer: bool
) -> tuple[list[Sitting], tuple[str, ...]]:
    """The sittings of the person or of a carer, and what is left out because nobody is rostered to answer."""
    mine = [one for one in wanted(packs) if is_for(questionnaires()[one.id], is_carer=is_carer)]
    return sittings(mine, is_rostered=is_rostered), left_out(mine, is_rostered=is_rostered)


def is_for(one: Questionnaire, *, is_carer: bool) -> bool:
    """Whether somebody may be asked this; what is private to the person is not even named to a carer."""
    return one.who in (("carer", "either") if is_carer else ("person", "either"))


def due(planned: Sequence[Sitting], answered: Mapping[str, datetime], now: datetime) -> list[DueSitting]:
    """What is asked now, soonest first; `answered` is when each was last finished (aware)."""
    together: dict[datetime, list[str]] = defaultdict(list)
    for name, mine in _by_name(planned).items():
        sitting = max(mine, key=partial(_last, now=now))
        at = _last(sitting, now)
        last = answered.get(name)
        if last is None or last < at - _early(mine, sitting):
            together[at].append(name)
    return [DueSitting(at, tuple(names)) for at, names in sorted(together.items())]


def next_at(planned: Sequence[Sitting], answered: Mapping[str, datetime], now: datetime) -> datetime | None:
    """When something is asked next that is not asked yet; None when nothing is planned."""
    coming = [
        at
        for name, mine in _by_name(planned).items()
        for one in mine
        if (at := _coming(one, mine, answered.get(name), now)) is not None
    ]
    return min(coming, default=None)


def questions(names: Iterable[str]) -> int:
    """How many questions these ask at most."""
    return sum(len(questionnaires()[name].items) for name in names)


def _by_name(planned: Sequence[Sitting]) -> dict[str, list[Sitting]]:
    found: dict[str, list[Sitting]] = defaultdict(list)
    for sitting in planned:
        for name in sitting.ids:
            found[name].append(sitting)
    return found


def _last(one: Sitting, now: datetime) -> datetime:
    """The newest time of this sitting that has been."""
    day = now.astimezone(HOME).date()
    for back in range(8):
        wanted_day = day - timedelta(days=back)
        at = on(wanted_day, one.at)
        if DAYS[wanted_day.weekday()] == one.day and at <= now:
            return at
    raise AssertionError("a week has every day")


def _early(mine: Sequence[Sitting], one: Sitting) -> timedelta:
    if one.every_weeks > 1:
        return timedelta(weeks=one.every_weeks) - LESS
    return EARLY_DAILY if len(mine) > 3 else EARLY_WEEKLY


def _coming(one: Sitting, mine: Sequence[Sitting], last: datetime | None, now: datetime) -> datetime | None:
    at = _last(one, now)
    for _ in range(60):
        at = on(at.astimezone(HOME).date() + timedelta(weeks=1), one.at)
        if last is None or last < at - _early(mine, one):
            return at
    return None
