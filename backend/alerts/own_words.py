"""What to do for an alert that no pathway's words fit: whoever thinks of dying is not told about their breathing."""

from collections.abc import Mapping

# NHS urgent mental health help; Samaritans. For the person, who is told at once by the check-in itself too.
_CRISIS = [
    "If you have hurt yourself, or might do so now, call 999 or go to A&E.",
    "Call 111 and choose option 2, day or night, to talk to somebody who can help.",
    "Or call Samaritans, free on 116 123, day or night.",
    "If you can, stay with somebody you trust.",
]
WORDS: Mapping[str, list[str]] = {"phq9_item9": _CRISIS}


def own_words(rule: str) -> list[str] | None:
    """The words of this rule, one thing to do each; None where those of the person's plan are right."""
    return WORDS.get(rule)
