"""One shape for every measure, so that a table and a file can be made of them."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Measure:
    """One figure. `pairs` are the figures it was taken from; `budget` reads like `>= 0.4` or `<= 50`."""

    name: str
    value: float
    unit: str
    budget: str | None = None
    pairs: list[Any] = field(default_factory=list)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None when there is none."""
        if self.budget is None:
            return None
        sign, bound = self.budget.split()
        return self.value >= float(bound) if sign == ">=" else self.value <= float(bound)


def write(measures: list[Measure]) -> None:
    """Put these measures into the results file, beside those of other runs."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for one in measures:
        kept[one.name] = {**asdict(one), "met": one.met}
        del kept[one.name]["name"]
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def table(measures: list[Measure]) -> str:
    """The measures as lines of text."""
    lines = [f"{'measure':58} {'value':>12} {'unit':18} {'budget':10} met"]
    for one in measures:
        met = {True: "yes", False: "NO", None: ""}[one.met]
        lines.append(f"{one.name:58} {one.value:>12.4g} {one.unit:18} {one.budget or '':10} {met}")
        if one.pairs:
            lines.append(f"    from {one.pairs}")
        if one.note:
            lines.append(f"    {one.note}")
    return "\n".join(lines)
