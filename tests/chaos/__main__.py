"""`python -m tests.chaos --seconds 150 --seed 1`: the whole system under kill -9, and one JSON line of counts."""

import argparse
import json
import sys
from collections.abc import Sequence

from tests.chaos.run import RATE, faults, run


def main(argv: Sequence[str] | None = None) -> int:
    """Print the counts on one line; 1 when anything was lost, doubled or left lying."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description=__doc__, epilog="example: make chaos SECONDS=150 SEED=2"
    )
    parser.add_argument("--seconds", type=float, default=150.0, help="how long it goes on (default 150)")
    parser.add_argument("--seed", type=int, default=1, help="which course of blows and readings (default 1)")
    parser.add_argument("--rate", type=float, default=RATE, help=f"readings a second (default {RATE:g})")
    parser.add_argument(
        "--keep", action="store_true", help="leave logs and ledger in their folder and name it"
    )
    options = parser.parse_args(argv)
    counts = run(options.seconds, options.seed, rate=options.rate, say=_say, keep=options.keep)
    sys.stdout.write(json.dumps(counts) + "\n")
    sys.stdout.flush()
    return 1 if faults(counts) else 0


def _say(words: str) -> None:
    sys.stderr.write(f"chaos: {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
