"""Looks a day ahead for hours in which nobody can be called: nobody is down, or no way leads to who is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from backend.access.service import database_time
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence, Subject
from backend.core.db import db
from backend.escalation.rota import AHEAD, ROLES, Gap, gaps
from backend.messages import service as messages
from backend.messages.outgoing import Address

RULE = "rota_gap"
WORDS = {
    ("on-call", "nobody"): "Nobody is on call",
    ("duty-manager", "nobody"): "There is no duty manager",
    ("on-call", "no-way"): "There is no way to reach who is on call",
    ("duty-manager", "no-way"): "There is no way to reach the duty manager",
}

# Teams that look after somebody who is watched; one card a team a day, whether or not the first is still open. A team
# that is named was changed just now: what its card says may be true no more, and a card from before is no answer.
_TEAMS = text(
    """select t.id, t.public_id, t.name, t.time_zone from care_team t
    where exists (select from caseload c join enrolment e on e.patient_id = c.patient_id and e.status = 'live'
            and e.valid @> db_now() join patient p on p.id = c.patient_id and not p.is_canary
        where c.care_team_id = t.id and c.valid @> db_now())
    and (cast(:named as int[]) is null and not exists (select from alert a
            where a.rule = :rule and a.care_team_id = t.id
            and (a.closed_at is null or a.opened_at > db_now() - interval '24 hours'))
        or t.id = any(:named))
    order by t.id"""
)
# A duty lasts no longer than being of the team: who has left could open nothing.
_SHIFTS = text(
    """select s.care_team_id, s.role, lower(s.valid * m.valid) as begins, upper(s.valid * m.valid) as ends,
        p.public_id
    from rota_shift s join practitioner p on p.id = s.practitioner_id
    join care_team_member m on m.care_team_id = s.care_team_id and m.practitioner_id = s.practitioner_id
        and m.valid && s.valid
    where s.care_team_id = any(:teams) and s.valid * m.valid && tstzrange(:start, :end)"""
)


# A demonstration is told of no provider on purpose: it says on its pages that nobody is called, and raises no card.
_IS_DEMO = text("select exists (select from heartbeat where name = 'demo')")


@dataclass
class _Down:
    """When somebody is down for one role of one team, and when somebody whom a message can reach."""

    all: list[Gap] = field(default_factory=list)
    reached: list[Gap] = field(default_factory=list)

    def left(self, now: datetime) -> dict[str, list[Gap]]:
        """The gaps of the next day by why."""
        nobody = gaps(self.all, now, now + AHEAD)
        return {"nobody": nobody, "no-way": gaps([*self.reached, *nobody], now, now + AHEAD)}


def find_gaps(teams: Collection[int] | None = None) -> int:
    """Raise one card for each team whose next 24 hours have a gap; answers how many. In the caller's transaction.

    Of `teams` only, at once and also when they have a card, for whoever has just changed who can be called.
    """
    named = None if teams is None else sorted(set(teams))
    rows = list(db.session.execute(_TEAMS, {"rule": RULE, "named": named}))
    if not rows:
        return 0
    now = database_time()
    down = _down([team.id for team in rows], now)
    found = [(team, _of_team(team.id, down, now)) for team in rows]
    raised = raise_episodes([_occurrence(team, left, now) for team, left in found if left])
    return len(raised)


def _down(teams: Sequence[int], now: datetime) -> dict[tuple[int, str], _Down]:
    """Who is down for what, and whether a message can reach them, in a handful of statements."""
    rows = list(db.session.execute(_SHIFTS, {"teams": teams, "start": now, "end": now + AHEAD}))
    ways = messages.reach({Address("practitioner", str(row.public_id)) for row in rows})
    calls_nobody = not messages.sends_at_all() and bool(db.session.scalar(_IS_DEMO))
    down: dict[tuple[int, str], _Down] = {}
    for row in rows:
        one = down.setdefault((row.care_team_id, row.role), _Down())
        one.all.append((row.begins, row.ends))
        if calls_nobody or ways[Address("practitioner", str(row.public_id))]:
            one.reached.append((row.begins, row.ends))
    return down


def _of_team(
    team: int, down: Mapping[tuple[int, str], _Down], now: datetime
) -> dict[tuple[str, str], list[Gap]]:
    left = {
        (role, why): found
        for role in ROLES
        for why, found in down.get((team, role), _Down()).left(now).items()
    }
    return {key: found for key, found in left.items() if found}


def _occurrence(team: Any, left: Mapping[tuple[str, str], Sequence[Gap]], now: datetime) -> Occurrence:
    zone = ZoneInfo(team.time_zone)
    said = [f"{WORDS[key]} {_first(found, zone, now)}" for key, found in left.items()]
    return Occurrence(
        # About no person and no kit; by this name it is one a team.
        subject=Subject(None, None, team.id, False, None, f"rota-{team.public_id}"),
        rule=RULE,
        kind="technical",
        level=Severity.SOON,
        title="Gap in the rota",
        reason=f"{team.name}: {'. '.join(said)}. Until it is filled the alarm centre or duty line is called",
        true_at=now,
        known_at=now,
        evidence=[
            {
                "at": now.isoformat(), "role": role, "why": why, "from": begins.isoformat(),
                "to": ends.isoformat(),
            }
            for (role, why), found in left.items()
            for begins, ends in found
        ],
    )  # fmt: skip


def _first(found: Sequence[Gap], zone: ZoneInfo, now: datetime) -> str:
    begins, ends = (at.astimezone(zone) for at in found[0])
    if found[0] == (now, now + AHEAD):
        return "in the next 24 hours"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    start = "now" if found[0][0] == now else f"{begins:%-d %b %H:%M}"
    return f"from {start} to {ends:%-d %b %H:%M}{more}"
