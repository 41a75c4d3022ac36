"""What a message says outside our own pages: that something is there, and no word about health."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "alert-for-team": "Alongside: something new needs your team. Open the list.",
    "alert-for-person": "Alongside: there is something for you to see. Open the app.",
    "please-measure-again": "Alongside: there is something for you to do. Open the app.",
    "device-not-heard": "Alongside: one of your devices has not been heard from. Open the app.",
}


def words(template: str) -> str:
    """The text of a template; raises KeyError for one that does not exist."""
    return TEMPLATES[template]
