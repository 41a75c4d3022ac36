"""`python -m bench [name ...]`: runs every file here that has `measure()`, prints a table and writes results.json."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from bench.report import Measure, table, write


def main() -> int:
    """Run the named files, or all; exit status 1 when a budget is not met."""
    found = {}
    for module in sorted(pkgutil.iter_modules([str(Path(__file__).parent)]), key=lambda one: one.name):
        if module.name != "__main__":
            loaded = importlib.import_module(f"bench.{module.name}")
            if hasattr(loaded, "measure"):
                found[module.name] = loaded
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure, print and keep.",
        epilog="example: python -m bench ingest",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which of {', '.join(found)}; all by default"
    )
    wanted = parser.parse_args().names or list(found)
    if unknown := [name for name in wanted if name not in found]:
        parser.error(f"no such measure: {', '.join(unknown)}")
    measured: list[Measure] = []
    for name in wanted:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        some = found[name].measure()
        write(some)
        measured += some
    print(table(measured))
    return 1 if any(one.met is False for one in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
