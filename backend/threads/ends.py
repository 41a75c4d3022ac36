"""Says who answers a conversation and by when, for the duty clock and for what somebody may know of it."""

from dataclasses import dataclass
from datetime import datetime

from backend.access import service as access
from backend.alerts.subjects import hours_of
from backend.threads.clock import DANGER, PRACTICE_DAYS, practice_answers_by, team_answers_by
from backend.threads.door import Asker, Practice, practice_of
from backend.threads.models import Thread


@dataclass(frozen=True, slots=True)
class Ends:
    """Who answers: the practice for a practice's conversation, else the team, by inside key."""

    team_id: int | None
    practice: Practice | None

    @property
    def is_read(self) -> bool:
        """Whether anybody would see a message."""
        return self.practice.reads if self.practice is not None else self.team_id is not None


def ends_of(asker: Asker, thread: Thread) -> Ends:
    """Who answers in this conversation now."""
    team = access.team_of(thread.patient_id)
    practice = practice_of(asker.record) if thread.kind == "practice" else None
    return Ends(None if team is None else team.id, practice)


def answer_by(at: datetime, ends: Ends, *, danger: bool) -> datetime:
    """By when whoever answers owes an answer to what was received then."""
    if ends.practice is not None:
        return practice_answers_by(ends.practice.working_days or PRACTICE_DAYS, at, danger=danger)
    if ends.team_id is None:
        return at + DANGER
    hours, _ = hours_of([ends.team_id])[ends.team_id]
    return team_answers_by(hours.opens, hours.closes, hours.zone, at, danger=danger)
