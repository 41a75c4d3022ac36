"""What a pretend device does with what it is told: states of its alarm, the time, settings, and when to sleep."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import Broker, FarEnd, wait_until

LONG = 120.0


@pytest.fixture
def pendant(broker: Broker, start: Starter, tmp_path: Path) -> Callable[..., Screen]:
    """Start one pendant with more options; returns what it shows."""
    (tmp_path / "secret").write_text("not-checked-here\n")

    def run(*more: object) -> Screen:
        fixed = ("--device-id", "pendant-0001", "--secret-file", tmp_path / "secret", "--host", "127.0.0.1")
        return Screen(
            start("pendant", *fixed, "--port", broker.port, "--state-dir", tmp_path / "kept", *more)
        )

    return run


class Screen:
    """What a device has shown, line by line."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.lines: list[str] = []
        self._out = process.stdout
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._out is not None
        try:
            for line in self._out:
                self.lines.append(line.decode().strip().removeprefix("pendant-0001: "))
        except ValueError:
            return

    def starts(self, words: str) -> bool:
        """Whether a line began so."""
        return any(line.startswith(words) for line in self.lines)


def said(far_end: FarEnd, alarm: str, state: str, seconds: float, **more: Any) -> None:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    far_end.say(
        "pendant-0001", "alarm", {"v": 1, "alarm": alarm, "state": state, "at": at.isoformat(), **more}
    )


def test_a_pendant_says_each_state_once_and_takes_none_back(
    far_end: FarEnd, pendant: Callable[..., Screen]
) -> None:
    screen = pendant("--course", "press")
    wait_until(lambda: bool(far_end.of("pendant-0001", "alarm")), LONG)
    alarm = far_end.of("pendant-0001", "alarm")[0]["alarm"]
    for seconds, state in enumerate(
        ("received", "being_handled", "being_handled", "received", "help_coming")
    ):
        said(far_end, alarm, state, seconds, **({"eta_min": 10} if state == "help_coming" else {}))
    said(far_end, alarm, "being_handled", -60)
    said(far_end, alarm, "resolved", 9)
    wait_until(lambda: screen.starts("resolved"), LONG)
    assert screen.lines == [
        "received: Your alarm has been received.",
        "being_handled: Somebody is looking at your alarm.",
        "help_coming: Help is coming. In about 10 minutes.",
        "resolved: Your alarm is closed.",
    ]


@pytest.mark.slow
def test_a_pendant_nobody_answers_says_that_it_still_tries_and_takes_its_second_path(
    far_end: FarEnd, pendant: Callable[..., Screen]
) -> None:
    screen = pendant("--course", "press")
    wait_until(lambda: screen.lines == ["Still trying to reach help."], LONG)
    wait_until(lambda: len(screen.lines) == 2, 120)
    assert screen.lines[1] == "Calling by the second path."
    assert len(far_end.of("pendant-0001", "alarm")) >= 10


def test_a_pendant_that_is_told_that_nobody_was_reached_says_what_to_do(
    far_end: FarEnd, pendant: Callable[..., Screen]
) -> None:
    screen = pendant("--course", "press")
    wait_until(lambda: bool(far_end.of("pendant-0001", "alarm")), LONG)
    said(far_end, far_end.of("pendant-0001", "alarm")[0]["alarm"], "cannot_reach_anyone", 0)
    wait_until(
        lambda: screen.starts("cannot_reach_anyone: We cannot reach anyone. Calling by the second path."),
        LONG,
    )


def test_a_cancel_is_an_event_of_the_same_alarm(far_end: FarEnd, pendant: Callable[..., Screen]) -> None:
    screen = pendant("--course", "press-then-cancel")
    wait_until(lambda: any(one["phase"] == "cancel" for one in far_end.of("pendant-0001", "alarm")), LONG)
    raised, *_, cancelled = far_end.of("pendant-0001", "alarm")
    assert (raised["phase"], cancelled["alarm"]) == ("raise", raised["alarm"])
    assert cancelled["id"] != raised["id"]
    assert "You have cancelled the alarm." in screen.lines
    said(far_end, raised["alarm"], "received", 0)
    wait_until(lambda: screen.starts("received"), LONG)


def test_a_device_without_a_clock_asks_for_the_time_and_stamps_with_what_it_was_told(
    far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    device = {"stub": "pulse_oximeter", "device_id": "ox-00001", "every_s": 0.5, "clock": "none"}
    start("fleet", "--plan", plan([device]))
    wait_until(lambda: bool(far_end.of("ox-00001", "time")), LONG)
    question = far_end.of("ox-00001", "time")[0]
    wait_until(lambda: bool(far_end.of("ox-00001", "obs")), LONG)
    before = far_end.of("ox-00001", "obs")[0]
    assert before["clock"]["src"] == "none"
    assert before["taken"].startswith("19")
    # An answer to a question it did not ask sets nothing.
    far_end.say("ox-00001", "time", {"v": 1, "utc": "2020-01-01T00:00:00Z", "nonce": "another"})
    far_end.say("ox-00001", "time", _answer(question))
    wait_until(lambda: far_end.of("ox-00001", "obs")[-1]["clock"]["src"] == "gateway", LONG)
    after = far_end.of("ox-00001", "obs")[-1]
    taken = datetime.fromisoformat(after["taken"])
    assert abs((datetime.now(UTC) - taken).total_seconds()) < LONG
    assert datetime.fromisoformat(after["clock"]["synced"]).year >= 2026


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {"v": 1, "utc": now, "tz": "Europe/London", "nonce": question["nonce"]}


def test_settings_change_the_heartbeat_and_how_often_it_measures(
    far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    device = {"stub": "pulse_oximeter", "device_id": "ox-00001", "every_s": 0.2}
    start("fleet", "--plan", plan([device]))
    wait_until(lambda: len(far_end.of("ox-00001", "obs")) >= 3, LONG)
    config = {"v": 1, "rev": 4, "hb_s": 10, "set": {"every_s": 3600, "volume": 3}}
    far_end.say("ox-00001", "config", config)
    wait_until(lambda: any(one.get("config_rev") == 4 for one in far_end.of("ox-00001", "status")), LONG)
    beats = len(far_end.of("ox-00001", "status"))
    readings = len(far_end.of("ox-00001", "obs"))
    wait_until(lambda: len(far_end.of("ox-00001", "status")) > beats, LONG)
    assert len(far_end.of("ox-00001", "obs")) <= readings + 2


def test_a_sleeping_device_says_for_how_long_and_wakes_by_itself(
    far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    device = {"stub": "pulse_oximeter", "device_id": "ox-00001", "every_s": 3600, "sleep_s": 1}
    start("fleet", "--plan", plan([device]))

    def states() -> list[str]:
        return [one["state"] for one in far_end.of("ox-00001", "presence")]

    wait_until(lambda: states()[:3] == ["ready", "sleeping", "ready"], LONG)
    assert far_end.of("ox-00001", "presence")[1]["next_wake_s"] == 1
    assert len(far_end.of("ox-00001", "obs")) == 1
