"""Tells the reminders when somebody is asked to check in; which questions it would be is said to nobody."""

from collections.abc import Collection, Mapping
from datetime import datetime

from backend.access import service as access
from backend.check_ins import asking
from backend.check_ins.due import asked_of
from backend.plans import reminders


class CheckInReminders:
    """What is asked of people themselves; a carer has no reminders."""

    def coming(
        self, patient_ids: Collection[int], since: datetime, until: datetime
    ) -> Mapping[int, datetime]:
        """When each is next asked after `since` and not after `until`; who is not asked is absent."""
        found = {
            id_: asking.next_at(one.planned, one.answered, since)
            for id_, one in asked_of(patient_ids).items()
        }
        return {id_: at for id_, at in found.items() if at is not None and since < at <= until}

    def is_asked(self, patient_id: int) -> bool:
        """Whether anything is asked of them now and not answered yet."""
        one = asked_of([patient_id]).get(patient_id)
        return one is not None and bool(asking.due(one.planned, one.answered, access.database_time()))


_REMINDERS = CheckInReminders()


def register() -> None:
    """Let the reminders ask here; said twice it counts once."""
    reminders.ask_of(_REMINDERS)
