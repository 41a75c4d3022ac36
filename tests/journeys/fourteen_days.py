"""What two phones write in 14 days without a network, and a list of it to compare with what the service has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from playwright.sync_api import Page, expect

from backend.pathways.schedule import HOME
from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline
from tests.journeys.own_browser import walk

DAYS = 14
# A part of the plan in the person's own words, and one that a clinician has signed.
OWN_WORDS, SIGNED = "myself", "red"
# In both the first answer of each question is the mildest.
CHECK_IN = {"person": "mrc-dyspnoea", "carer": "carer-strain"}
# Each number is typed once, by one of them.
TOP = {"person": 101, "carer": 121}


@dataclass
class Written:
    """What was written: words by whoever wrote them, in order; top numbers; days ticked; how many check-ins."""

    words: list[tuple[str, str]] = field(default_factory=list)
    tops: list[int] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)
    check_ins: dict[str, int] = field(default_factory=lambda: {"person": 0, "carer": 0})
    # Words that stood before somebody who then chose.
    seen: str = ""

    def note(self, who: str, day: int, what: str) -> str:
        """New words of somebody about something, unlike all others."""
        words = f"{what.capitalize()} of the {who} on day {day + 1}"
        self.words.append((who, words))
        return words


@dataclass(frozen=True)
class Things:
    """What both change: a goal and something to do, by id, and what that is called."""

    goal: str
    task: str
    task_text: str


def things_of(system: System) -> Things:
    """An open goal and something that is done each day, of the demo's person, which the carer sees too."""
    patient = system.running.patient("demo-person")
    goals = """select g.public_id from plan_goal g join patient p on p.id = g.patient_id
        where p.public_id = %s and g.state = 'open' and not g.private order by g.id"""
    tasks = """select t.public_id, t.text from plan_task t join patient p on p.id = t.patient_id
        where p.public_id = %s and not t.private and not t.stopped and t.days = '{}'
        order by (select count(*) from plan_tick k where k.task_id = t.id), t.id"""
    task = system.rows(tasks, patient)[0]
    return Things(str(system.rows(goals, patient)[0][0]), str(task[0]), str(task[1]))


def live_a_day(page: Page, who: str, day: int, at: datetime, things: Things, written: Written) -> None:
    """A reading, a check-in, a tick and a change of the plan, on a phone on which it is that day."""
    page.clock.set_system_time(at)
    page.goto("/")
    _reading(page, TOP[who] + day, written)
    _check_in(page, who, written)
    _tick(page, at, things, written)
    _change(day)(page, who, day, things, written)


def _reading(page: Page, top: int, written: Written) -> None:
    walk(page, "/take/blood-pressure")
    page.get_by_role("link", name="Type it in myself").click()
    for value in (top, 71):
        page.get_by_role("textbox").fill(str(value))
        go(page, "Continue")
    go(page, "Save")
    expect(page.get_by_role("heading", name="Your reading", exact=True)).to_be_visible(timeout=SLOW)
    written.tops.append(top)


def _check_in(page: Page, who: str, written: Written) -> None:
    walk(page, f"/check-in/{CHECK_IN[who]}")
    page.get_by_role("link", name="Start", exact=True).click()
    check, answer = page.get_by_role("heading", name="Check your answers"), page.get_by_role("radio").first
    box = page.get_by_role("textbox")
    for _ in range(12):
        expect(check.or_(answer).or_(box).first).to_be_visible(timeout=SLOW)
        if check.is_visible():
            break
        before = page.url
        if answer.is_visible():
            answer.check()
        else:
            box.fill("Somebody to sit with her")
        go(page, "Continue")
        expect(page).not_to_have_url(before)
    go(page, "Send my answers")
    expect(page).to_have_url(re.compile("/done$"), timeout=SLOW)
    written.check_ins[who] += 1


def _tick(page: Page, at: datetime, things: Things, written: Written) -> None:
    walk(page, "/plan")
    box = page.get_by_role("checkbox").filter(has_text=things.task_text).first
    if box.get_attribute("aria-checked", timeout=SLOW) != "true":
        box.click()
    expect(box).to_have_attribute("aria-checked", "true")
    written.ticked.add(at.astimezone(HOME).date().isoformat())


Change = Callable[[Page, str, int, Things, Written], None]


def _change(day: int) -> Change:
    every = (_own_words, _goal, _task, _of_their_own, _signed_words)
    return every[day % len(every)]


def _saved(page: Page, button: str = "Save") -> None:
    go(page, button)
    expect(page.get_by_role("heading", name="My plan", level=1)).to_be_visible(timeout=SLOW)


def _own_words(page: Page, who: str, day: int, _things: Things, written: Written) -> None:
    walk(page, f"/plan/edit/{OWN_WORDS}")
    page.get_by_role("textbox").first.fill(written.note(who, day, "words"))
    _saved(page)


def _goal(page: Page, who: str, day: int, things: Things, written: Written) -> None:
    walk(page, f"/plan/goal/{things.goal}")
    page.get_by_label("What do you want to be able to do?").fill(written.note(who, day, "goal"))
    _saved(page)


def _task(page: Page, who: str, day: int, things: Things, written: Written) -> None:
    walk(page, f"/plan/todo/{things.task}")
    page.get_by_label("How, or how much").fill(written.note(who, day, "way"))
    _saved(page)


def _of_their_own(page: Page, who: str, day: int, _things: Things, written: Written) -> None:
    """A goal that only one of them writes, and another part of the plan each."""
    walk(page, "/plan/goal/new")
    page.get_by_label("What do you want to be able to do?").fill(written.note(who, day, "new goal"))
    _saved(page)
    walk(page, f"/plan/edit/{'matters' if who == 'person' else 'helper'}")
    page.get_by_role("textbox").first.fill(written.note(who, day, "part"))
    _saved(page)


def _signed_words(page: Page, who: str, day: int, _things: Things, written: Written) -> None:
    walk(page, f"/plan/edit/{SIGNED}")
    page.get_by_role("textbox").nth(1).fill(written.note(who, day, "wish"))
    _saved(page, "Send to my team")


def send_all(page: Page, now: datetime) -> None:
    """The network is back: wait until nothing is left but what needs whoever wrote it."""
    page.clock.set_system_time(now)
    page.goto("/not-sent")
    page.context.set_offline(False)
    until(lambda: _calm(page), 240, "nothing waits but what needs them")


def _calm(page: Page) -> bool:
    if page.get_by_text(re.compile("Waits for a connection|Being sent now")).count():
        return False
    done = page.get_by_text("Everything you saved on this phone has been sent.")
    return done.is_visible() or page.get_by_role("link", name="Choose what stays").count() > 0


def settle_all(page: Page, written: Written) -> int:
    """Choose in each conflict: one's own, theirs, or both in turn; answers how many there were."""
    for number in range(40):
        page.goto("/not-sent")
        done = page.get_by_text("Everything you saved on this phone has been sent.")
        choose = page.get_by_role("link", name="Choose what stays").first
        expect(done.or_(choose).first).to_be_visible(timeout=90_000)
        if not choose.is_visible():
            return number
        choose.click()
        _settle(page, number, written)
    raise AssertionError("there is no end of conflicts")


def _settle(page: Page, number: int, written: Written) -> None:
    expect(page.get_by_role("heading", name="What should it say?")).to_be_visible(timeout=SLOW)
    for closed in page.locator("main details:not([open]) summary").all():
        closed.click()
    written.seen += page.locator("main").inner_text() + "\n"
    go(page, ("Keep mine", "Keep both, then change the words", "Keep theirs")[number % 3])
    if number % 3 == 1:
        _saved(page)
    expect(page.get_by_role("heading", name="My plan", level=1)).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(2_000)


@dataclass(frozen=True)
class Counts:
    """How what was written stands at the end; `unseen`: replaced by somebody who had not seen it."""

    words: int
    standing: int
    history: int
    wishes: int
    let_go: int
    lost: list[str]
    unseen: list[str]


def count(system: System, written: Written) -> Counts:
    """Compare every word that was written with the service's rows and with what was seen before a choice."""
    patient = system.running.patient("demo-person")
    versions = system.rows(
        """select v.entity, v.entity_id, v.version, v.relation, v.body::text from plan_version v
        join patient p on p.id = v.patient_id where p.public_id = %s order by 1, 2, 3""", patient,
    )  # fmt: skip
    wishes = json.dumps([row[0] for row in system.rows("select body::text from plan_proposal")])
    newest = {(row[0], row[1]): row[4] for row in versions}
    standing = "\n".join(newest.values())
    history = "\n".join(row[4] for row in versions)
    found = {"standing": 0, "history": 0, "wishes": 0, "let_go": 0}
    lost = []
    for _, words in written.words:
        where = next(
            (name for name, text in (("standing", standing), ("history", history), ("wishes", wishes),
                                     ("let_go", written.seen)) if words in text), None,
        )  # fmt: skip
        if where is None:
            lost.append(words)
        else:
            found[where] += 1
    unseen = [
        words
        for before, after in pairwise(versions)
        if before[:2] == after[:2] and before[3] != after[3]
        for _, words in written.words
        if words in before[4] and words not in after[4] and words not in written.seen
    ]
    return Counts(len(written.words), **found, lost=lost, unseen=unseen)


def days_before(now: datetime) -> list[datetime]:
    """Each of the days that are over, at an hour at which no clock is near midnight."""
    return [
        (now - timedelta(days=DAYS - day)).astimezone(HOME).replace(hour=10, minute=0) for day in range(DAYS)
    ]


def gone_offline(page: Page) -> None:
    """Look at each page once with a network, as somebody does; then there is none any more."""
    page.goto("/plan")
    expect(page.get_by_role("heading", name="My plan", level=1)).to_be_visible(timeout=SLOW)
    page.goto("/")
    is_ready_to_be_offline(page)
    page.context.set_offline(True)


def merge(phone: NewPhone, system: System, order: tuple[str, str]) -> None:
    """Both live 14 days without a network, come back in this order, and settle what met; everything is counted."""
    written, things = Written(), things_of(system)
    now = datetime.now(UTC)
    phones = {who: phone(f"demo-{who}") for who in order}
    for who, page in phones.items():
        gone_offline(page)
        # The phone's own clock is 14 days back and goes on from there; the service's is real.
        page.clock.install(time=days_before(now)[0])
        for day, at in enumerate(days_before(now)):
            live_a_day(page, who, day, at, things, written)

    settled = {}
    for who in order:
        send_all(phones[who], datetime.now(UTC))
        settled[who] = settle_all(phones[who], written)
    for page in phones.values():
        page.goto("/not-sent")
        expect(page.get_by_text("Everything you saved on this phone has been sent.")).to_be_visible(
            timeout=SLOW
        )

    tops = "select count(*) from observation where code = 1 and source <> 0 and value = %s"
    readings = [system.rows(tops, top)[0][0] for top in written.tops]
    given = """select count(*) from questionnaire_response
        where questionnaire = %s and state = 'complete' and made_offline"""
    check_ins = {who: system.rows(given, name)[0][0] for who, name in CHECK_IN.items()}
    done = """select k.due_on::text from plan_tick k join plan_task t on t.id = k.task_id
        where k.done and t.public_id = %s"""
    ticked = [row[0] for row in system.rows(done, things.task)]
    counts = count(system, written)
    here = f"{len(written.ticked & set(ticked))} of {len(written.ticked)}"
    print(  # noqa: T201 - the figures a reader of the log wants
        f"\n{DAYS} days offline, {order[0]} first: readings {sum(readings)} of {len(written.tops)}, check-ins "
        f"{sum(check_ins.values())} of {sum(written.check_ins.values())}, days ticked {here}; words "
        f"{counts.words}: {counts.standing} stand, {counts.history} in the history, {counts.wishes} wishes, "
        f"{counts.let_go} let go by choice; conflicts settled {settled}; "
        f"lost {len(counts.lost)}, overwritten unseen {len(counts.unseen)}"
    )
    assert readings == [1] * 2 * DAYS
    assert check_ins == written.check_ins == {"person": DAYS, "carer": DAYS}
    assert written.ticked <= set(ticked)
    assert len(ticked) == len(set(ticked)), "a tick is said once"
    assert settled[order[0]] == 0
    assert settled[order[1]] >= 3
    assert (counts.lost, counts.unseen) == ([], [])
