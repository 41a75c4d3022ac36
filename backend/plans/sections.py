"""Which sections a plan has, what each begins with, and what a body must hold: pure, so packs combine in a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.pathways.pack import Light, Pack

Body = dict[str, Any]

# Heading and prompt of each section there always is, in the order of the page. The words are ours.
_TEXTS: Mapping[str, tuple[str, str]] = {
    "matters": ("What matters to me", "What I enjoy, who is important to me, and what I would miss."),
    "today": ("Today and this week", "What I do on a usual day, and what is planned."),
}
_LATER: Mapping[str, tuple[str, str]] = {
    "myself": ("What I can do myself", "What I manage on my own, and how."),
    "helper": ("What my helper does", "Who helps me, with what, and when they need a rest."),
    "if-this-happens": (
        "If this happens",
        "What I want if I become very ill, and where my other papers are.",
    ),
    "equipment": ("My equipment", "What I use at home, and whom I call when it does not work."),
}
_LIGHTS: Mapping[str, str] = {"green": "A usual day", "amber": "Getting worse", "red": "Get help now"}
CLINICAL = frozenset({"green", "amber", "red", "medicines", "if-this-happens"})
# A part of a pathway that is a section every plan has: its words are that section's prompt.
_SAME = {"matters": "matters", "medicines": "medicines"}
_KINDS = {
    "text": frozenset({"text"}), "advice": frozenset({"signs", "do", "call"}),
    "medicines": frozenset({"medicines"}), "contacts": frozenset({"contacts"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """A section that nobody has written yet."""

    key: str
    title: str
    kind: str
    prompt: str
    body: Body

    @property
    def clinical(self) -> bool:
        """Whether it needs a clinician's signature beside the person's."""
        return self.key in CLINICAL


def templates(packs: Sequence[Pack]) -> dict[str, Template]:
    """Every section of somebody on these pathways, by key, in the order of the page."""
    own = _prompts(packs)
    found = [_text(key, title, own.get(key, prompt)) for key, (title, prompt) in _TEXTS.items()]
    found += [_light(key, title, packs) for key, title in _LIGHTS.items()]
    found.append(
        Template("medicines", "My medicines", "medicines", own.get("medicines", ""), {"medicines": []})
    )
    found += [_text(key, *said) for key, said in _LATER.items()]
    found.append(Template("contacts", "People I may call", "contacts", "", {"contacts": []}))
    found += [
        Template(f"{pack.pathway}-{part.id}", part.title, "text", part.say, {"text": part.say})
        for pack in packs
        for part in pack.plan
        if part.id not in _SAME
    ]
    return {one.key: one for one in found}


def _prompts(packs: Iterable[Pack]) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for pack in packs:
        for part in pack.plan:
            if part.id in _SAME:
                said.setdefault(_SAME[part.id], []).append(part.say)
    return {key: " ".join(dict.fromkeys(words)) for key, words in said.items()}


def _text(key: str, title: str, prompt: str) -> Template:
    return Template(key, title, "text", prompt, {"text": ""})


def _light(key: str, title: str, packs: Sequence[Pack]) -> Template:
    lights: list[Light] = [pack.advice[key] for pack in packs if key in pack.advice]
    body: Body = {
        "signs": _each(sign for light in lights for sign in light.signs),
        "do": _each(do for light in lights for do in light.do),
        "call": " ".join(_each(light.call for light in lights)),
    }
    return Template(key, title, "advice", "", body)


def _each(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def body_of(kind: str, key: str, said: Mapping[str, Any]) -> tuple[Body, dict[str, list[str]]]:
    """The body as it is kept, and what is wrong with it by field (empty when nothing is).

    What to do and whom to call in amber and red may not be empty: that is what is shown when it matters.
    """
    fields = _KINDS[kind]
    errors = {name: ["This section has no such part."] for name in sorted(set(said) - fields)}
    empty: Body = {"text": "", "signs": [], "do": [], "call": "", "medicines": [], "contacts": []}
    body = {name: said.get(name, empty[name]) for name in sorted(fields)}
    if key in ("amber", "red"):
        if not body["do"]:
            errors["do"] = ["Say at least one thing to do."]
        if not body["call"].strip():
            errors["call"] = ["Say whom to call."]
    return body, errors
