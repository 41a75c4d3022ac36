"""Words for the person at an urgent finding or worse: their plan's own, or the palliative line's in place of 999."""

from dataclasses import asdict
from typing import Any

from backend.access.needs import Line
from backend.pathways.pack import Light

LIGHT_OF_LEVEL = {"emergency": "red", "urgent": "amber"}


def of_plan(level: str, said: Light) -> dict[str, Any]:
    """What the plan's light of that level says to do."""
    return {
        "level": level, "words": [*said.do, said.call], "signs": list(said.signs), "call": said.call, "line": None,
    }  # fmt: skip


def of_line(level: str, line: Line) -> dict[str, Any]:
    """With a signed end-of-life plan its 24-hour line answers, and no word is said of 999 (care rules, section 6)."""
    call = f"Call {line.name} on {line.phone}, day or night. They know your wishes."
    return {"level": level, "words": [call], "signs": [], "call": call, "line": asdict(line)}
