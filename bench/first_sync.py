"""What a new phone fetches to work offline: its bytes, and how long it takes with a hundred phones at once."""

import gzip
import hashlib
import http.client
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import Response, sync_playwright

from backend.access.sessions import csrf_of
from backend.core.db import plain_dsn
from backend.core.http import COOKIES
from backend.supervise.home import Home
from backend.supervise.place import place_of
from bench.browser import a_demo, launched
from bench.report import Measure

PHONES = 100
IDLE_MS = 4_000
# The demo's people have two months behind them. What came before is like it, with other minutes and other values, or
# the same bytes six times over would press to nothing; what was measured together stays together.
YEAR = """insert into observation (effective_at, received_at, patient_id, code, source, quality, value)
    select o.effective_at - n * interval '60 days' + act.later, o.received_at - n * interval '60 days' + act.later,
        o.patient_id, o.code, o.source, o.quality, round(o.value + (random() * 6 - 3)::numeric, scale(o.value))
    from observation o
    cross join generate_series(1, 5) as n
    cross join lateral (
        select hashtext(o.patient_id || ' ' || o.effective_at || ' ' || n) % 600 * interval '1 second' as later
    ) act
    where o.value is not null and o.effective_at > now() - interval '60 days'"""
# Few of the demo's people have an account; the others get one, and everybody a session as sign-in makes it.
ACCOUNTS = """insert into account (username, password_hash, kind, patient_id)
    select 'first-sync-' || p.id, 'none', k.kind, p.id
    from patient p, (select kind from account where patient_id is not null limit 1) k
    where not p.is_canary and not exists (select from account a where a.patient_id = p.id)"""
PEOPLE = """select a.id, p.public_id from account a join patient p on p.id = a.patient_id
    where not p.is_canary order by p.id"""
SESSION = """insert into sign_in_session (token_hash, csrf_hash, account_id, audience, expires_at)
    values (%s, %s, %s, 'person', now() + interval '1 day')"""


@dataclass(frozen=True)
class Phone:
    """Somebody's phone: whose record it opens, and the cookie it has."""

    patient: str
    cookie: str


def measure() -> list[Measure]:
    """Sign a phone in as a person with a year of readings and see what it asks; then ask the same a hundredfold."""
    with a_demo() as demo, sync_playwright() as playwright, launched(playwright) as browser:
        run = Home(demo.home).read()
        assert run is not None
        with psycopg.connect(plain_dsn(place_of(demo.home, run).database("al_migrate"))) as connection:
            connection.execute(YEAR)
            phones = _phones(connection)
        # As a service that has run for a while; a plan by what the tables were before is no figure of ours.
        with psycopg.connect(
            plain_dsn(place_of(demo.home, run).database("al_migrate")), autocommit=True
        ) as apart:
            apart.execute("analyze observation")
        context = browser.new_context(base_url=demo.url, service_workers="block")
        demo.sign_in(context, "demo-person")
        page = context.new_page()
        sizes: dict[str, int] = {}

        def note(answer: Response) -> None:
            parts = urlsplit(answer.url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if (
                answer.status == 200
                and parts.path.startswith("/api/v1/")
                and answer.request.method == "GET"
                and "stream" not in parts.path
            ):
                # As it went over the network, headers left out.
                length = answer.headers.get("content-length")
                sizes[path] = int(length) if length else len(gzip.compress(answer.body()))

        page.on("response", note)
        page.goto("/")
        page.locator("h1").first.wait_for()
        page.wait_for_timeout(IDLE_MS)
        context.close()
        patient = demo.patient("demo-person")
        began = time.process_time()
        took = _hundred(demo.url, phones, [path.replace(patient, "{patient}") for path in sizes])
        ours = (time.process_time() - began) / PHONES * 1000
    total = sum(sizes.values()) / 1024
    each = ", ".join(f"{path.rsplit('/', 1)[1]} {size / 1024:.1f}" for path, size in sizes.items())
    return [
        Measure("first sync of a year's data", round(total, 1), "kB gzip", "<= 50", note=each),
        Measure(f"first sync, {PHONES} phones at once: median", round(statistics.median(took), 2), "s", "<= 5",
                note=f"slowest {max(took):.2f} s; of {len({one.patient for one in phones})} people; our own asking"
                f" takes {ours:.1f} ms of CPU a phone"),
    ]  # fmt: skip


def _phones(connection: psycopg.Connection[Any]) -> list[Phone]:
    """A hundred signed-in phones, everybody's in turn: nothing that is kept of one person serves the others."""
    connection.execute(ACCOUNTS)
    people = connection.execute(PEOPLE).fetchall()
    phones = []
    for number in range(PHONES):
        account, patient = people[number % len(people)]
        token = secrets.token_urlsafe(32)
        hashes = [hashlib.sha256(one.encode()).digest() for one in (token, csrf_of(token))]
        connection.execute(SESSION, (*hashes, account))
        phones.append(Phone(str(patient), f"{COOKIES['person']}={token}"))
    return phones


def _hundred(url: str, phones: list[Phone], paths: list[str]) -> list[float]:
    """Each phone on a connection of its own, all beginning together; answers how long each needed.

    It asks one thing after the other. A browser asks several at once and so waits less for the network, which a
    server on the same machine does not show; what the server has to do is the same.
    """
    begin = time.perf_counter() + 1.0

    def first_sync(phone: Phone) -> float:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        headers = {"Cookie": phone.cookie, "Accept-Encoding": "gzip", "X-Alongside-Audience": "person"}
        time.sleep(max(0.0, begin - time.perf_counter()))
        for path in paths:
            connection.request("GET", path.replace("{patient}", phone.patient), headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
        connection.close()
        return time.perf_counter() - begin

    with ThreadPoolExecutor(len(phones)) as pool:
        return list(pool.map(first_sync, phones))
