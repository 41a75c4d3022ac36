"""A larger answer is sent pressed to who can read it so, and one that holds a secret never is."""

import gzip
import json
from collections.abc import Callable

import pytest

from tests.browsing import Browser
from tests.factories import Factory

Browse = Callable[..., Browser]
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def person(make: Factory, browse: Browse) -> tuple[Browser, str]:
    """Somebody on their own page."""
    patient = make.patient()
    return browse(make.account(patient=patient), "person"), f"/patients/{patient.public_id}/home"


def test_an_answer_is_the_same_pressed_and_plain(person: tuple[Browser, str]) -> None:
    browser, _ = person
    path = "/api/openapi.json"
    plain, pressed = browser.client.get(path), browser.client.get(path, headers=GZIP)
    assert (plain.headers.get("Content-Encoding"), pressed.headers["Content-Encoding"]) == (None, "gzip")
    assert json.loads(gzip.decompress(pressed.data)) == plain.get_json()
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(pressed.data) * 3 < len(plain.data)


def test_a_pressed_page_that_has_not_changed_is_not_sent_again(person: tuple[Browser, str]) -> None:
    browser, path = person
    first = browser.get(path, **{"Accept-Encoding": "gzip"})
    again = browser.get(path, **{"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_an_answer_with_a_secret_in_it_is_never_pressed(person: tuple[Browser, str]) -> None:
    browser, _ = person
    answer = browser.get("/session", **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
