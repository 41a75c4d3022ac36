"""Random lives of the real app on the real service: saves, deaths, lost replies, refusals, a service restored."""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Error, Playwright, sync_playwright

from bench.browser import a_demo
from bench.phone_life import Fault, Phone
from bench.phone_service import WHO, Service
from bench.report import Measure

SEQUENCES = 500
SEED = 5
# Sequences on one phone, from its first opening until everything on it is sent and all is counted.
ON_ONE_PHONE = 20
SECTIONS = ("matters", "today")
KINDS = ("Reading", "Reading", "Note", "Note", "Text")
FAULTS: tuple[Fault, ...] = ("lost-reply", "lost-reply", "lost-reply", "500", "500", "503", "429", "portal")
PATIENCE_S = 120
MOST_INTERRUPTED = 10


@dataclass
class Told:
    """What came of it: `lost` and `doubled` name what they are about."""

    sequences: int = 0
    saved: int = 0
    decided: int = 0
    interrupted: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


@dataclass
class Life:
    """A phone, the service, the dice of this life, and what was saved: surely, or in the moment of dying."""

    phone: Phone
    service: Service
    dice: random.Random
    told: Told
    name: str
    pairs: list[tuple[int, int]]
    saved: list[str] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Something that is said nowhere else."""
        return f"{self.name} {len(self.saved) + len(self.perhaps)} {self.dice.getrandbits(32):08x}"


def save(life: Life, *, dying: bool = False) -> None:
    """A reading, a message or a text, through the screens. `dying`: the phone dies in the moment of the last tap."""
    for last_try in (False, False, True):
        life.phone.be_in()
        known = f"{life.dice.choice(KINDS)} {life.words()}"
        try:
            known = _by_hand(life, known, dying)
        except Error:
            # The session may be over in the middle of a form; whether the last tap still counted is not known.
            if last_try or not life.phone.is_signed_out():
                raise
            life.perhaps.append(known)
            continue
        if dying:
            life.phone.kill()
        (life.perhaps if dying else life.saved).append(known)
        life.told.saved += not dying
        return


def _by_hand(life: Life, words: str, unseen: bool) -> str:
    """Save what `words` begin with; a reading where there is nothing to write on. Answers how it is known."""
    phone = life.phone
    if words.startswith("Note") and phone.save_message(words, unseen=unseen):
        return words
    if words.startswith("Text") and phone.save_text(life.dice.choice(SECTIONS), words, unseen=unseen):
        return words
    systolic, diastolic = life.pairs.pop()
    phone.save_reading(systolic, diastolic, unseen=unseen)
    return f"{systolic}/{diastolic}"


def kill(life: Life) -> None:
    """The browser dies: just so, while something is being sent, or in the moment of a save."""
    how = life.dice.randrange(3)
    if how == 2:
        return save(life, dying=True)
    if how == 1 and life.phone.is_open and not life.phone.is_offline:
        life.phone.faults.insert(0, life.dice.choice(("hang", "lost-reply")))
        save(life)
    life.phone.kill()
    life.phone.faults = [one for one in life.phone.faults if one != "hang"]
    return None


def lose_network(life: Life) -> None:
    """No network, or it is back."""
    life.phone.offline(not life.phone.is_offline)


def fail_twice(life: Life) -> None:
    """What is sent next meets a lost reply, a fault of the service, too many requests, or somebody else's wifi page."""
    life.phone.faults += life.dice.choices(FAULTS, k=life.dice.randrange(1, 4))


def end_session(life: Life) -> None:
    """401: the session is over."""
    life.service.end_sessions()


def meet_another(life: Life) -> None:
    """412: somebody else writes the same text, once on a newer version than this phone's."""
    life.service.edit_elsewhere(life.dice.choice(SECTIONS), f"Text {life.words()} elsewhere")


def restore(life: Life) -> None:
    """The service's database is copied at a moment, or goes back to that moment."""
    if life.service.has_copy and life.dice.randrange(2):
        life.service.go_back()
        # What the phone was told is stored it asks about when it is next started.
        if life.dice.randrange(2):
            life.phone.kill()
    else:
        life.service.copy()


DEEDS: dict[Callable[[Life], None], int] = {
    save: 10, kill: 3, lose_network: 4, fail_twice: 4, end_session: 1, meet_another: 2, restore: 1,
}  # fmt: skip


def live(life: Life) -> None:
    """One sequence: a few deeds, of which at least one saves something."""
    deeds = life.dice.choices(list(DEEDS), list(DEEDS.values()), k=life.dice.randrange(3, 6))
    for deed in [*deeds, *([] if save in deeds else [save])]:
        deed(life)
        life.told.deeds[deed.__name__] += 1


def _live_on(life: Life) -> None:
    """One sequence. A screen that was not there in time ends the test's patience, and what was saved still counts."""
    try:
        live(life)
    except Error as cause:
        life.told.interrupted += 1
        print(f"{life.name}: interrupted by {cause}", file=sys.stderr, flush=True)
        if life.told.interrupted > MOST_INTERRUPTED:
            raise


def rest(life: Life) -> None:
    """Peace: a network, a start after the last restore, a sign-in, and every conflict decided by its author."""
    phone = life.phone
    phone.faults.clear()
    if phone.is_open:
        life.dice.choice((phone.kill, phone.close))()
    phone.offline(False)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(Error):
            phone.be_in()
            if phone.settle() is None and not _missing(life):
                return


def _missing(life: Life) -> list[str]:
    """What is neither a row nor was on the page when its author chose between their own words and another's."""
    there, decided = life.service.counted(), life.phone.decided
    wanted = [*life.saved, *life.service.written_elsewhere]
    return [one for one in wanted if there[one] == 0 and one not in decided]


def judge(life: Life) -> None:
    """By the service's own rows: what was saved is there, and nothing is there twice."""
    there = life.service.counted()
    lost = [f"{one} ({life.phone.kind})" for one in _missing(life)]
    doubled = [one for one in [*life.saved, *life.perhaps] if there[one] > 1]
    if lost or doubled:
        print(
            f"{life.name}: lost {lost}, doubled {doubled}\n{life.phone.says()}", file=sys.stderr, flush=True
        )
    life.told.lost += lost
    life.told.decided += sum(there[one] == 0 for one in life.saved) - len(lost)
    life.told.doubled += doubled


def a_phones_life(
    playwright: Playwright, service: Service, told: Told, name: str, shared: bool, n: int
) -> None:
    """So many sequences on a phone of its own, then peace and the count; `name` is also the seed of its dice."""
    dice = random.Random(name)
    pairs = [(systolic, diastolic) for systolic in range(112, 132) for diastolic in range(62, 84)]
    dice.shuffle(pairs)
    phone = Phone(playwright, service.running, "shared" if shared else "own", WHO)
    # Readings are counted from here, so that a pair of numbers may come again on another phone.
    service.begin()
    life = Life(phone, service, dice, told, name, pairs)
    try:
        for _ in range(n):
            _live_on(life)
            told.sequences += 1
        rest(life)
        judge(life)
    except Error:
        print(f"{name}: after {dict(told.deeds)} it shows\n{phone.says()}", file=sys.stderr, flush=True)
        raise
    finally:
        phone.remove()


def run(
    playwright: Playwright, service: Service, sequences: int, seed: int, on_one: int = ON_ONE_PHONE
) -> Told:
    """Live so many sequences, some on each phone, every third a shared one; the same dice for the same seed."""
    told = Told()
    for first in range(0, sequences, on_one):
        n = min(on_one, sequences - first)
        a_phones_life(playwright, service, told, f"life {seed}-{first}", (first // on_one) % 3 == 2, n)
        print(f"  {told.sequences} sequences, {told.saved} saved, lost {len(told.lost)}, doubled {len(told.doubled)}",
              file=sys.stderr, flush=True)  # fmt: skip
    return told


def measure() -> list[Measure]:
    """All of it on a demo of its own."""
    began = time.monotonic()
    with a_demo() as demo, sync_playwright() as playwright:
        told = run(playwright, Service(demo), SEQUENCES, SEED)
    minutes = (time.monotonic() - began) / 60
    deeds = ", ".join(f"{name} {n}" for name, n in sorted(told.deeds.items()))
    done = f"{told.saved} saved in {minutes:.0f} minutes, {told.decided} decided by their author"
    note = f"seed {SEED}, {done}, {told.interrupted} interrupted; {deeds}"
    return [
        Measure(f"lost in {told.sequences} random sequences", len(told.lost), "items", "<= 0", told.lost, note),
        Measure(f"doubled in {told.sequences} random sequences", len(told.doubled), "items", "<= 0", told.doubled),
    ]  # fmt: skip
