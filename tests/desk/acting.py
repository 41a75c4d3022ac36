"""What a nurse does on the desk in few words, and stepping the database's clock."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.alerts.people import Monitored, run
from tests.browsing import Browser

Row = dict[str, Any]


def listed(browser: Browser) -> list[Row]:
    """The rows of the list."""
    answer = browser.get("/worklist")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    rows: list[Row] = answer.get_json()["rows"]
    return rows


def match(row: Row) -> str:
    """The If-Match of a row."""
    return f'W/"{row["version"]}"'


def ask(browser: Browser, row: Row, what: str, body: dict[str, Any] | None = None) -> TestResponse:
    """Do something with a card at the version of this row."""
    return browser.post(f"/alerts/{row['id']}/{what}", body or {}, If_Match=match(row))


def did(browser: Browser, row: Row, what: str, body: dict[str, Any] | None = None) -> Row:
    """The same, which must work; the row after it."""
    answer = ask(browser, row, what, body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    after: Row = answer.get_json()
    return after


def step(app: Flask, by: str) -> None:
    """Set the database's clock forward in this test's one session: "31 seconds"."""
    run(app, "select set_config('alongside.clock_offset', :by, false)", by=by)


def stored(person: Monitored) -> Any:
    """The person's newest alert as the database has it."""
    return person.alerts()[-1]
