"""What a message says outside our own pages: that something is there, and no word about health."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "alert-for-team": "Alongside: something new needs your team. Open the list.",
    "alert-for-person": "Alongside: there is something for you to see. Open the app.",
    "please-measure-again": "Alongside: there is something for you to do. Open the app.",
    "message-from-team": "Alongside: your team has sent you a message. Open the app.",
    "message-from-practice": "Alongside: your practice has sent you a message. Open the app.",
    "message-for-team": "Alongside: somebody has written to your team. Open the list.",
    "message-for-practice": "Alongside: somebody has written to your practice. Open the inbox.",
    "nurse-has-seen": "Alongside: the team has seen something of somebody you help. Open the app.",
    "alert-climbs": "Alongside: something waits and it is your turn. Open the list.",
    "alert-at-the-top": "Alongside: something waits and nobody has taken it. Open the list now.",
    "reach-test": "Alongside: this is a test. You are told like this when it is your turn.",
    "yours-waits": "Alongside: something you took still waits. Open the list.",
    # Of somebody who is watched no more: the words stand on our own pages, and the date in the facts.
    "not-watched-from": "Alongside: not watched from {from}. If you need help, call your GP practice, 111 or 999.",
    "person-died": "Alongside: there is a notice about a person of yours. Open it on the service's page.",
    "person-died-undone": "Alongside: the last notice about a person of yours was taken back. Open the service's page.",
    "reading-waits": "Alongside: there is something for you to do. Open the app.",
    "reading-waits-or-call": "Alongside: we have not heard from you. Open the app, or ask us there to call you.",
    "reminder": "Alongside: it is time for something you wanted to be reminded of. Open the app.",
    "device-not-heard": "Alongside: one of your devices has not been heard from. Open the app.",
}
# A practice or an alarm centre sees no page of ours: it is given a reference to ask the team about, and no name.
FOR_ORGANIZATIONS: Mapping[str, str] = {
    "alert-at-the-top": "Alongside: something waits and nobody has taken it. Call the team now. Reference {alert}.",
    "not-watched-from": "Alongside: a person of yours is not watched by us from {from}. Ask the team."
    " Reference {leaving}.",
    "person-died": "Alongside: there is a notice about a person of yours. Call the team. Reference {leaving}.",
    "person-died-undone": "Alongside: the last notice about a person of yours was taken back. Call the team."
    " Reference {leaving}.",
}


def words(template: str, facts: Mapping[str, str] | None = None, kind: str = "") -> str:
    """The text of a template for a kind of address, with a date or a reference where it names one.

    Raises KeyError for one that does not exist.
    """
    chosen = FOR_ORGANIZATIONS.get(template) if kind == "organization" else None
    return (chosen or TEMPLATES[template]).format_map(dict(facts or {}))
