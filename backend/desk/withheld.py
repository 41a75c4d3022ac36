"""Shows a card of somebody on no team's list to every desk, without what another finding says to teams not theirs."""

from typing import Any, cast

from backend.alerts.models import Alert
from backend.desk.cards import Card

TITLE = "Somebody on no team's list"
WORDS = (
    "Something is open about somebody on no team's list. What it says is kept from other teams: find out who"
    " looks after them"
)
NO_TEAM = "They are on no team's list"
# What a device or a person says of themselves holds no value; a rule's finding does, in its very title.
_SPOKEN = frozenset({"concern", "carer_concern"})


class _View:
    """An alert with some of its words replaced; everything else is the alert's own. Only to be read."""

    def __init__(self, alert: Alert, **instead: Any) -> None:
        self._alert = alert
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._alert, name)


def is_told(alert: Alert) -> bool:
    """Whether every desk may read what this finding of somebody on no team's list says."""
    return (
        alert.kind == "alarm"
        or alert.rule in _SPOKEN
        or (alert.kind == "technical" and alert.device is not None)
    )


def withheld(card: Card) -> Card:
    """The card as a desk of any team may see it: which findings there are, how bad and how old.

    What was written on it, by a team that had the person then, is left to the log, which knows when.
    """
    seen = {one.id: _view(one) for one in (card.head, *card.findings)}
    return Card(seen[card.head.id], tuple(seen[one.id] for one in card.findings))


def _view(alert: Alert) -> Alert:
    instead: dict[str, Any] = {"note": None, "recheck_why": "", "snooze": None}
    if alert.snooze is not None:
        instead["snooze"] = {"by": "", "why": "", "level": alert.snooze.get("level")}
    if not is_told(alert):
        instead |= {
            "title": TITLE, "reason": WORDS, "judged_by": "", "rule": "withheld", "evidence": [], "stands": None,
            "raised_versions": [],
        }  # fmt: skip
    elif alert.rule in _SPOKEN:
        instead |= {"reason": f"{alert.reason}. {NO_TEAM}", "evidence": []}
    # To the type checker a view is no alert; it is read as one, by name, as the plain rows of a list are.
    return cast(Alert, _View(alert, **instead))
