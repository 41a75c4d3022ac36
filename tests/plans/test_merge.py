"""Two phones that were away for 14 days: in whatever order their changes arrive, none is lost and none overwritten."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plans.conftest import Circle, Json, Page

_SECTIONS = ("matters", "today", "red")


@dataclass
class Phone:
    """A phone that was away: what it last saw, and its changes in the order they were made."""

    name: str
    page: Page
    seen: dict[str, int] = field(default_factory=dict)
    made_at: str = field(default_factory=lambda: (datetime.now(UTC) - timedelta(days=14)).isoformat())
    queue: list[tuple[str, str, str, Json, int | None]] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, tuple[str, str]] = field(default_factory=dict)

    def writes(self, key: str, words: str) -> None:
        """An edit of a section, made without a network over what the phone last saw or wrote."""
        body = {"text": words} if key != "red" else {"signs": [words], "do": ["Rest"], "call": "999"}
        self.queue.append((str(uuid4()), f"/plan/sections/{key}", words, {"body": body}, self.seen[key]))

    def sends_next(self, lost: bool) -> None:
        """The oldest change; with a reply that is `lost` it is sent once more, as the outbox does."""
        change, path, words, body, version = self.queue.pop(0)
        claims = {"X_Alongside_Offline": "1", "X_Alongside_Made_At": self.made_at}
        answer = self.page.put(path, body, version, Idempotency_Key=change, **claims)
        if lost:
            again = self.page.put(path, body, version, Idempotency_Key=change, **claims)
            assert again.status_code == answer.status_code
            answer = again
        key = path.rsplit("/", 1)[1]
        if answer.status_code == 412:
            # The phone keeps it and shows both; later ones of the same section wait behind it.
            assert answer.get_json()["current"]["key"] == key
            self.conflicts[change] = words
            for waiting in [one for one in self.queue if one[1] == path]:
                self.conflicts[waiting[0]] = waiting[2]
                self.queue.remove(waiting)
            return
        assert answer.status_code in (200, 202), answer.get_data(as_text=True)
        self.accepted[change] = (key, words)
        # The next edit of this section on the phone was made over this one.
        now = answer.get_json()["version"]
        self.queue = [
            (c, p, w, b, now if p == path else v) for c, p, w, b, v in self.queue
        ]  # fmt: skip


_EDITS = st.lists(st.sampled_from(_SECTIONS), min_size=1, max_size=4)
_ORDER = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=8, max_size=8)


@pytest.mark.slow
@pytest.mark.hazard("H90")
def test_two_phones_away_for_14_days_lose_nothing_and_overwrite_nothing(circle: Circle) -> None:
    """40 sequences: each word somebody wrote stands in the history, in a proposal, or on its phone as a conflict."""
    counted = {"written": 0, "applied": 0, "proposed": 0, "kept": 0}
    circle.agreed()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(mine=_EDITS, theirs=_EDITS, order=_ORDER)
    def once(mine: list[str], theirs: list[str], order: list[tuple[bool, bool]]) -> None:
        versions = {one["key"]: one["version"] for one in circle.person.plan()["sections"]}
        phones = (
            Phone("person", circle.person, dict(versions)),
            Phone("carer", circle.carer, dict(versions)),
        )
        for phone, edits in zip(phones, (mine, theirs), strict=True):
            for key in edits:
                phone.writes(key, f"{phone.name} {uuid4()}")
        said = {words for phone in phones for _, _, words, _, _ in phone.queue}
        turns = list(order)
        while any(phone.queue for phone in phones):
            first, lost = turns.pop(0) if turns else (True, False)
            wanted = phones[0] if first else phones[1]
            (wanted if wanted.queue else phones[0] if phones[0].queue else phones[1]).sends_next(lost)
        history = circle.person.browser.get(f"{circle.person.at}/plan/history").get_data(as_text=True)
        proposed = str([one["body"] for one in circle.person.plan()["proposals"]])
        kept = {words for phone in phones for words in phone.conflicts.values()}
        for words in said:
            places = (words in history, words in proposed, words in kept)
            assert sum(places) == 1, (words, places)
            counted["applied"] += places[0]
            counted["proposed"] += places[1]
            counted["kept"] += places[2]
        counted["written"] += len(said)
        # The words a clinician signed stand, whatever came.
        assert circle.person.section("red")["version"] == 1
        for key in ("matters", "today"):
            rows = circle.person.history(f"section={key}")
            assert [one["version"] for one in rows] == list(range(len(rows), 0, -1))
            assert all(now["from"] == before["to"] for now, before in pairwise(rows))

    once()
    print(f"plan merge: {counted}, 0 lost, 0 overwritten")  # noqa: T201 - the figure a reader of the log wants
    assert counted["written"] == counted["applied"] + counted["proposed"] + counted["kept"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(turns=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=8))
def test_ticks_of_two_phones_are_one_fact_each_whatever_comes_twice(
    circle: Circle, turns: list[tuple[bool, bool, int]]
) -> None:
    """Person and carer tick the same three times in any order, some with lost replies: each is done, and once."""
    task = circle.person.task(times=["08:00", "12:00", "18:00"])
    day = circle.person.browser.get(f"{circle.person.at}/plan").get_json()["as_of"][:10]
    for by_person, lost, which in turns:
        page, key = (circle.person if by_person else circle.carer), str(uuid4())
        for _ in range(2 if lost else 1):
            path = f"/todo/{task['id']}/ticks"
            body = {"day": day, "time": task["times"][which], "done": True}
            assert page.post(path, body, Idempotency_Key=key).status_code == 200
    ticks = next(one for one in circle.person.plan()["todo"] if one["id"] == task["id"])["ticks"]
    assert sorted(one["due_at"] for one in ticks) == sorted({task["times"][which] for _, _, which in turns})
    rows = circle.person.history(f"task={task['id']}")
    assert len(rows) == 1
