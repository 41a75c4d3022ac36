"""The words of the demo's first person's plan, as she, her daughter and her clinician wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

OWNER: Final = 1
CLINICIAN: Final = "Dr Mara Elm"
TICKED_DAYS: Final = 7
Who = Literal["self", "carer", "team"]
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """One version of a section: what it says, who wrote it, and how many days ago."""

    body: Body
    by: Who
    days: int
    offline: bool = False


def _text(words: str) -> Body:
    return {"text": words}


_MEDICINES: Final[list[dict[str, str]]] = [
    {"name": "Amlodipine 5 mg", "dose": "One tablet", "when": "Every evening", "what_for": "Blood pressure"},
    {"name": "Tiotropium inhaler (grey)", "dose": "One breath in", "when": "Every morning",
     "what_for": "Keeps my chest open all day"},
    {"name": "Salbutamol inhaler (blue)", "dose": "Two puffs", "when": "When I am more breathless",
     "what_for": "Opens my chest for a while"},
    {"name": "Oxygen", "dose": "1 litre", "when": "As my team showed me", "what_for": "I never turn it up myself"},
]  # fmt: skip
_GREEN: Final[Body] = {
    "signs": ["I am as breathless as on a usual day.", "My oxygen is between 88 and 92."],
    "do": ["I take my inhalers and tablets.", "I walk to the gate and back, twice."],
    "call": "Nobody needs to be called.",
}
AMBER: Final[Body] = {
    "signs": [
        "I am more breathless than usual, even sitting in my chair.",
        "I cough up more, or it is yellow or green.",
        "My oxygen is under 88.",
    ],
    "do": [
        "Sit upright at the kitchen table and rest for 5 minutes.",
        "Take two puffs of the blue inhaler.",
        "Warm my hand and measure my oxygen again.",
        "Read on the rescue pack when to start it. It is in the kitchen drawer. Tell the team if I do.",
    ],
    "call": "The Harbour team on 01632 960100, 8am to 8pm. At night, 111.",
}
_RED: Final[Body] = {
    "signs": [
        "I cannot finish a sentence.", "My lips are blue, or I am drowsy or muddled.",
        "My oxygen is 83 or less.", "I have pain in my chest.",
    ],
    "do": [
        "Press the pendant, or ring 999.",
        "Say: I have COPD, and my oxygen should be 88 to 92.",
        "Sit upright. Leave the oxygen at 1 litre. Unlock the door if I can.",
    ],
    "call": "999",
}  # fmt: skip
SECTIONS: Final[Mapping[str, tuple[str, str, tuple[Words, ...]]]] = {
    "matters": ("What matters to me", "text", (
        Words(_text("My garden, and tea with Ivy on Thursdays."), "self", 60),
        Words(_text("My garden, and tea with Ivy on Thursdays. I want to stay in my own home."
                    " Tell me things straight, and tell me first."), "self", 41),
    )),
    "today": ("Today and this week", "text", (
        Words(_text("Ivy comes on Thursday at 3. Clara brings the shopping on Saturday."), "carer", 3, True),
    )),
    "green": ("A usual day", "advice", (Words(_GREEN, "self", 40),)),
    "amber": ("Getting worse", "advice", (Words(AMBER, "team", 40),)),
    "red": ("Get help now", "advice", (Words(_RED, "self", 40),)),
    "medicines": ("My medicines", "medicines", (
        Words({"medicines": _MEDICINES}, "self", 40),
        Words({"medicines": [{**_MEDICINES[0], "when": "Every morning"}, *_MEDICINES[1:]]}, "team", 2),
    )),
    "myself": ("What I can do myself", "text", (
        Words(_text("I wash and dress on my own, sitting on the stool. I make my breakfast and do the beans in the"
                    " garden. Stairs once a day, slowly, with a rest half way."), "self", 38),
    )),
    "helper": ("What my helper does", "text", (
        Words(_text("Clara does the shopping and the heavy washing, and changes the filter on the oxygen machine."
                    " She works until 4, so ring Ivy first in the day."), "carer", 30),
    )),
    "if-this-happens": ("If this happens", "text", (
        Words(_text("If I can be treated at home, I would like that. If I have to go in, Clara has my bag ready in"
                    " the hall cupboard. Ask me what I want; if I cannot say, ask Clara."), "self", 12),
    )),
    "equipment": ("My equipment", "text", (
        Words(_text("The oxygen machine is in the hall: no candles, nobody smokes. The finger meter and the cuff are on"
                    " the kitchen table. I wear my pendant in the bath too."), "self", 35),
    )),
    "contacts": ("People I may call", "contacts", (
        Words({"contacts": [
            {"name": "Ivy Marsh", "relation": "Neighbour, has a key", "phone": "07700 900211"},
            {"name": "Clara Ash", "relation": "Daughter", "phone": "07700 900201"},
        ]}, "self", 35),
    )),
    "copd-usual": ("My usual day", "text", (
        Words(_text("I can talk and walk about the house. The stairs, and making the bed, leave me puffing."), "self",
              38),
    )),
    "copd-rescue": ("My rescue pack", "text", (
        Words(_text("In the kitchen drawer, left of the cooker. I start it when I am worse for two days or it is"
                    " green, as the pack says, and I tell the team the same day."), "self", 38),
    )),
}  # fmt: skip
# Both have signed the first version of these; the newest medicines wait for the person, and "if this happens" for a
# clinician.
AGREED: Final = ("green", "amber", "red", "medicines")
GOALS: Final[tuple[tuple[UUID, Body, bool], ...]] = (
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9101"), {
        "text": "Walk to the harbour wall and back with Ivy", "why": "To see the boats again.", "in_days": 120,
        "steps": [("To the gate", 30), ("To the post box", 9), ("To the bench", None), ("To the wall", None)],
    }, False),
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9102"), {
        "text": "Sleep in my bed again, not in the chair", "why": "", "in_days": None,
        "steps": [("Two pillows more", 5), ("Three nights in a week", None)],
    }, True),
)  # fmt: skip
TASKS: Final[tuple[tuple[UUID, Body], ...]] = (
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9201"), {
        "kind": "medicine", "text": "Grey inhaler", "how": "One breath in, then rinse my mouth", "times": ["08:00"],
        "remind": True,
    }),
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9202"), {
        "kind": "medicine", "text": "Blood pressure tablet", "how": "One, with water", "times": ["18:30"],
        "remind": True,
    }),
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9203"), {
        "kind": "action", "text": "Breathing exercises", "how": "Five slow breaths, lips as if to whistle",
        "times": ["10:30"],
    }),
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9204"), {
        "kind": "action", "text": "Walk to the gate and back, twice", "how": "Stop when I cannot talk", "times": [],
    }),
    (UUID("5b7f0c1e-2d43-4c58-9a6e-0d5d1a7f9205"), {
        "kind": "action", "text": "Look at the oxygen tube for kinks", "how": "", "times": [], "days": ["mon"],
    }),
)  # fmt: skip
