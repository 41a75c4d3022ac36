"""Writes the tables of docs/device-contract.md from what the gateway runs, so that no vendor reads an old one."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from backend.alerts.alarms import MEANINGS
from backend.devices import downlink
from backend.observations.reading import AlarmKind
from backend.plugs import discover
from device_gateway import clock, envelope, receipts
from device_gateway.contract import FOLDER, reasons, scaip, schema

PAGE = Path(__file__).resolve().parents[1] / "docs" / "device-contract.md"
TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; a bar inside a cell would end it."""
    lines = [head, ["---"] * len(head), *([str(cell).replace("|", "/") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def tables() -> Mapping[str, str]:
    """Every table of the page by its name."""
    properties = schema()["$defs"]
    kinds = json.loads((FOLDER / "kinds.json").read_text(encoding="utf-8"))["kinds"]
    formats = {
        module.CHANNEL: (module.__doc__ or "").splitlines()[0].removeprefix("Reads ").rstrip(".")
        for module in discover("device_gateway.decoders").values()
        if module.CHANNEL.startswith("raw/")
    }
    return {
        "reasons": table(
            ["code", "what it means", "what to do", "named by"],
            (
                (f"`{code}`", one.words, one.what_to_do, "`id`" if one.receipt == "id" else "SHA-256")
                for code, one in sorted(reasons().items())
            ),
        ),
        "kinds": table(
            ["`k`", "what", "unit (`u`)", "from", "to", "code, may be left out"],
            (
                (f"`{name}`", one["words"], f"`{one['unit']}`", one["least"], one["most"], one["code"] or "")
                for name, one in kinds.items()
            ),
        ),
        "formats": table(
            ["topic", "what is read"], ((f"`up/{channel}`", words) for channel, words in sorted(formats.items()))
        ),
        "alarms": table(
            ["`kind`", "what a nurse reads", "how bad", "SCAIP"],
            (
                (f"`{kind.value}`", MEANINGS[kind].words, MEANINGS[kind].level.value,
                 ", ".join(f"{name} {code}" for name, code in scaip().get(kind.value, ())))
                for kind in AlarmKind
            ),
        ),
        "limits": table(
            ["what", "limit"],
            (
                ("a message, up", f"{envelope.LARGEST_BYTES:,} bytes; one that is larger is refused `too-large`"),
                ("a message, down", f"{downlink.LARGEST_BYTES:,} bytes, but a receipt may be larger"),
                ("`id`", "16 to 64 characters of A-Z a-z 0-9 _ -"),
                ("`boot`", f"at most {properties['obs']['properties']['boot']['maxLength']} characters"),
                ("`seq`, `up_ms`", f"whole numbers up to {envelope.BIG}"),
                ("entries of `m`", f"1 to {properties['obs']['properties']['m']['maxItems']}"),
                ("`slot`", f"0 to {properties['obs']['properties']['slot']['maximum']}"),
                ("captured bytes in `raw`", "1 to 513"),
                ("`hb_s`", f"{properties['presence']['properties']['hb_s']['minimum']} to"
                           f" {properties['presence']['properties']['hb_s']['maximum']} seconds"),
                ("ids in one receipt", f"at most {receipts.IDS_EACH}, `rejected` likewise"),
                (
                    "receipts to one device",
                    f"the first at once, then one every {receipts.EVERY_S:g} s;"
                    f" every {receipts.BUSY_EVERY_S:g} s while much comes in",
                ),
                ("a clock ahead of ours", f"at most {clock.AHEAD.seconds // 60} minutes"),
                ("a clock that was never set", f"says a time before {clock.SET_SINCE.year}"),
            ),
        ),
    }  # fmt: skip


def written(page: str) -> str:
    """The page with every table as it must be now."""
    fresh = tables()
    return TABLE.sub(lambda found: found[1] + fresh[found[2]] + found[3], page)


def main() -> None:
    """Write the page; with --check end with status 1 when it would change."""
    before = PAGE.read_text(encoding="utf-8")
    after = written(before)
    if "--check" in sys.argv:
        sys.exit(int(before != after))
    PAGE.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
