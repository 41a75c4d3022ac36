"""A copy of the gateway that gives the receipt before the commit: a count that cannot see this loss is no count."""

import shutil
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STORES = "            verdicts = self._insist("
RECEIPTS_FIRST = """            self._session.publish_all(
                [
                    (
                        f"al/v1/{one.device}/down/ack",
                        json.dumps({"v": 1, "at": clock.now().isoformat(), "ids": [one.head.id]}).encode(),
                    )
                    for one in opened
                    if one.channel == "obs" and one.refused is None
                ]
            )
"""


def receipt_before_commit(folder: Path) -> Path:
    """Copy the gateway into `folder` with the receipt moved; answers the folder to run it from."""
    shutil.copytree(CHECKOUT / "device_gateway", folder / "device_gateway")
    writers = folder / "device_gateway" / "writers.py"
    source = writers.read_text()
    assert source.count(STORES) == 1, (
        "the place where readings are stored is written otherwise now: mend this"
    )
    writers.write_text(source.replace(STORES, RECEIPTS_FIRST + STORES))
    return folder
