"""A device that sends what no device should, each piece with its own name so that its fate can be counted."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from firmware_stubs import wire
from firmware_stubs.device import Device
from firmware_stubs.journal import Kept
from firmware_stubs.wire import Body

Poison = Callable[[random.Random, str], tuple[str, bytes]]


def _obs(message_id: str, **more: Any) -> bytes:
    now = datetime.now(UTC).isoformat()
    body = {
        "v": 1, "id": message_id, "boot": "rogue", "seq": 0, "clock": {"src": "ntp"}, "taken": now,
        "m": [{"k": "spo2", "val": 96, "u": "%"}], **more,
    }  # fmt: skip
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


def _alarm(message_id: str, **more: Any) -> bytes:
    body = {
        "v": 1, "id": message_id, "boot": "rogue", "seq": 0, "clock": {"src": "ntp"}, "alarm": f"a-{message_id}",
        "phase": "raise", "kind": "sos", "raised": datetime.now(UTC).isoformat(), **more,
    }  # fmt: skip
    return json.dumps(body).encode()


def _one(**entry: Any) -> Poison:
    return lambda _chance, name: ("obs", _obs(name, m=[entry]))


def _with(**more: Any) -> Poison:
    return lambda _chance, name: ("obs", _obs(name, **more))


POISONS: dict[str, Poison] = {
    "torn": lambda _c, name: ("obs", _obs(name)[:-9]),
    "noise": lambda chance, _n: ("obs", b"\xff" + chance.randbytes(200)),
    "noise like CBOR": lambda chance, _n: ("obs", b"\xa7" + chance.randbytes(200)),
    "empty": lambda _c, _n: ("obs", b""),
    "ten thousand deep": lambda _c, name: ("obs", _obs(name)[:-1] + b',"x":' + b"[" * 9_000 + b"]" * 9_000 + b"}"),
    "an exponent no decimal holds": lambda _c, name: ("obs", _obs(name).replace(b": 96,", b": 1e99999999999,")),
    "a lone surrogate": lambda _c, name: ("obs", _obs(name, boot="b").replace(b'"b"', b'"\\ud800"')),
    "NaN": lambda _c, name: ("obs", _obs(name).replace(b": 96,", b": NaN,")),
    "more than is read": lambda _c, name: ("obs", _obs(name, x="x" * 40_000)),
    "a later version": _with(v=2),
    "a time without offset": _with(taken="2026-11-22T08:14:31"),
    "the 30th of February": _with(taken="2026-02-30T08:14:31Z"),
    "1970": _with(taken="1970-01-01T00:00:00Z"),
    "to come": lambda _c, name: ("obs", _obs(name, taken=(datetime.now(UTC) + timedelta(days=2)).isoformat())),
    "no time at all": _with(taken=None),
    "a NUL": _with(boot="b\0"),
    "nothing measured": _with(m=[]),
    "an unknown kind": _one(k="mood.guess", val=1, u="1"),
    "another unit": _one(k="temperature", val=98.2, u="[degF]"),
    "another code": _one(k="spo2", val=96, u="%", code="loinc:8867-4"),
    "a boolean for a number": _one(k="spo2", val=True, u="%"),
    "a demonstration": _one(k="spo2", val=96, u="%", q="demo"),
    "a value nobody lives with": _one(k="spo2", val=7, u="%"),
    "no channel of ours": lambda _c, name: ("nonsense", _obs(name)),
    "a capture that is none": lambda chance, _n: ("raw/gatt-2a35", b"\xbf" + chance.randbytes(40)),
    "an alarm torn": lambda _c, name: ("alarm", _alarm(name)[:-30]),
    "an alarm of noise": lambda chance, _n: ("alarm", b"\xfe" + chance.randbytes(60)),
    "an alarm of no known kind": lambda _c, name: ("alarm", _alarm(name, kind="dragon")),
}  # fmt: skip


class Rogue(Device):
    """Sends one poison after another by its seed, and each again until somebody answers for it."""

    caps = ("rogue",)
    usual_model = "no-such-model"
    usual_every_s = 1.0

    def take_reading(self) -> None:
        """Keep one piece of poison; its bytes never change, because they may be named by their hash."""
        self.readings += 1
        chance = random.Random(self.spec.seed * 1_000_003 + self.readings)
        name, message_id = chance.choice(sorted(POISONS)), wire.ulid()
        channel, payload = POISONS[name](chance, message_id)
        body: Body = {
            "id": message_id, "boot": "of no life", "seq": 0, "poison": name, "hex": payload.hex()
        }  # fmt: skip
        if channel == wire.ALARM:
            # An alarm that cannot be read must reach a desk all the same, under a name made of its bytes.
            readable = name == "an alarm of no known kind"
            body["alarm"] = (
                f"a-{message_id}" if readable else f"unreadable-{sha256(payload).hexdigest()[:40]}"
            )
        self.keep(channel, body)

    def bytes_of(self, channel: str, body: Body) -> bytes:
        """The poison as it is."""
        return bytes.fromhex(str(body["hex"])) if "hex" in body else super().bytes_of(channel, body)

    def is_settled_by_receipt(self, kept: Kept) -> bool:
        """An unreadable alarm can only be answered by a refusal."""
        del kept
        return True

    def alarm_state(self, said: Body) -> None:
        """A strange alarm was received all the same."""
        for kept in list(self.waiting.values()):
            if kept.body.get("alarm") == said.get("alarm"):
                self.settled(kept, None)
