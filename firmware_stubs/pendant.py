"""A pretend pendant: a press or a fall is repeated until somebody is known to have it, and it says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final, NamedTuple

from firmware_stubs import wire
from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.journal import Kept
from firmware_stubs.plan import DeviceSpec
from firmware_stubs.rig import Rig
from firmware_stubs.wire import Body

# The wire contract's own times: every 5 s twelve times, then every 30 s, until `received`.
QUICK_S, QUICK_TIMES, SLOW_S = 5.0, 12, 30.0
STILL_TRYING_S, SECOND_PATH_S = 10.0, 60.0
# Somebody who pressed by mistake and says so soon after.
REGRETS, REGRETS_AFTER_S = "press-then-cancel", 5.0
COURSES: Final = {"press": "sos", "fall": "fall", REGRETS: "sos"}
WORDS: Final = {
    "received": "Your alarm has been received.",
    "being_handled": "Somebody is looking at your alarm.",
    "help_coming": "Help is coming.",
    "resolved": "Your alarm is closed.",
    "cannot_reach_anyone": "We cannot reach anyone. Calling by the second path. Call 999 if you need help now.",
}


class Shown(NamedTuple):
    """What a person was told last of an alarm, in which words, and when it was said."""

    state: str
    aloud: str
    at: datetime


class Stub(Device):
    """A pendant with a button and fall detection.

    Courses: `press`, `fall`, `press-then-cancel`; else it only reports itself.
    """

    caps = ("alarm", "fall", "status")
    usual_model = "alongside-pendant1"
    courses: ClassVar[Mapping[str, str]] = COURSES

    def __init__(self, spec: DeviceSpec, rig: Rig) -> None:
        super().__init__(spec, rig)
        # What was shown of each alarm last, and when it was said; older news is not shown after it.
        self._shown: dict[str, Shown] = {}

    def is_needed_awake(self) -> bool:
        """Until its alarm is over, the person may be told something at any moment."""
        return any(one.state != "resolved" for one in self._shown.values())

    def body_course(self) -> str:
        """Its own courses are alarms, which no body has."""
        return "steady" if self.spec.course in self.courses else super().body_course()

    def begin(self) -> None:
        """Raise the alarm of the course; with `every_s` in the plan, again and again."""
        kind = self.courses.get(self.spec.course or "")
        if kind is None or not self.rig.making:
            return
        self.raise_alarm(kind)
        if self.spec.every_s:
            self.rig.loop.call_later(self.spec.every_s / self.rig.speed, self.begin)

    def begin_once(self) -> None:
        """Press the button, or fall, once."""
        self.raise_alarm(self.courses.get(self.spec.course or "", next(iter(self.courses.values()))))

    def raise_alarm(self, kind: str) -> str:
        """Keep and send an alarm of `kind` (of the contract); returns its alarm id."""
        alarm = "a-" + wire.ulid()
        body: Body = {
            **self.head(),
            "alarm": alarm,
            "phase": "raise",
            "kind": kind,
            "raised": wire.local_time(wire.utc_now()),
            "scaip": wire.scaip(kind),
            "voice": False,
        }
        self.keep(wire.ALARM, body)
        message_id = str(body["id"])
        self._tell_later(message_id, STILL_TRYING_S, "Still trying to reach help.")
        self._tell_later(message_id, SECOND_PATH_S, "Calling by the second path.")
        if self.spec.course == REGRETS:
            self.rig.loop.call_later(REGRETS_AFTER_S, lambda: self.cancel(body))
        return alarm

    def cancel(self, raised: Body) -> None:
        """Say that it was pressed by mistake; whoever answers decides, and the alarm stays theirs to close."""
        self.keep(wire.ALARM, {**raised, **self.head(), "phase": "cancel"})
        self.rig.show(self.id, "You have cancelled the alarm.")

    def again_after_s(self, kept: Kept, tries: int) -> float:
        """Alarms keep the contract's times, without spread; anything else waits like every device."""
        if kept.channel != wire.ALARM:
            return super().again_after_s(kept, tries)
        return QUICK_S if tries <= QUICK_TIMES else SLOW_S

    def again(self, kept: Kept) -> Body:
        """A repeat is a message of its own about the same alarm; a used id would hide it as a duplicate."""
        if kept.channel != wire.ALARM:
            return kept.body
        phase = "repeat" if kept.body["phase"] == "raise" else kept.body["phase"]
        return {**kept.body, **self.head(), "phase": phase}

    def alarm_state(self, said: Body) -> None:
        """Any state proves that the alarm arrived: stop repeating, and tell the person in words."""
        state, alarm = said.get("state"), said.get("alarm")
        if not isinstance(state, str) or state not in WORDS:
            return
        for kept in list(self.waiting.values()):
            if kept.body.get("alarm") == alarm:
                self.settled(kept, None)
        words, minutes = said.get("say"), said.get("eta_min")
        aloud = words if isinstance(words, str) else WORDS[state]
        if isinstance(minutes, int):
            aloud += f" In about {minutes} minutes."
        if self._is_news(str(alarm), state, aloud, said.get("at")):
            self.rig.show(self.id, f"{state}: {aloud}")

    def _is_news(self, alarm: str, state: str, aloud: str, at: object) -> bool:
        """Whether the person should hear it: `received` takes no later state back, and nothing is said twice."""
        try:
            said_at = datetime.fromisoformat(str(at))
        except ValueError:
            return False
        before = self._shown.get(alarm)
        if said_at.tzinfo is None:
            return False
        if before is not None and (state == "received" or aloud == before.aloud or said_at < before.at):
            return False
        self._shown[alarm] = Shown(state, aloud, said_at)
        return True

    def _tell_later(self, message_id: str, after_s: float, words: str) -> None:
        def tell() -> None:
            if message_id in self.waiting:
                self.rig.show(self.id, words)

        self.rig.loop.call_later(after_s, tell)


if __name__ == "__main__":
    raise SystemExit(run_one("pendant"))
