"""The first administrator is made by whoever runs the service, with a code that works once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend import cli
from backend.app import create_app
from backend.core.db import db
from backend.core.live import hub
from tests.browsing import Browser
from tests.conftest import Database

PASSWORD = "a long enough password"
ADD = ["administrator", "add", "jo.lark"]


@pytest.fixture
def command(flow_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """`alongside ...` beside a service whose DATABASE_URL is set, as on a server under systemd."""
    monkeypatch.setenv("DATABASE_URL", flow_database.url())
    monkeypatch.setenv("ALONGSIDE_PUBLIC_URL", "https://alongside.example")
    return lambda *words: cli.main([*words, "--home", str(tmp_path)])


def code_in(said: str) -> str:
    return said.split("with the code ")[1].split()[0]


def test_the_code_opens_the_first_account_which_makes_the_others(
    command: Callable[..., int], flow_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*ADD, "--name", "Jo Lark") == 0
    lost = code_in(capsys.readouterr().out)
    # The first was lost; the same command makes another, and the first opens nothing any more.
    assert command(*ADD) == 0
    said = capsys.readouterr().out
    code = code_in(said)
    assert f"https://alongside.example/team/pair#{code.replace('-', '')}" in said
    app = create_app(flow_database.config(tmp_path))
    browser = Browser(app, "team")
    assert browser.post("/pairing", {"code": lost, "password": PASSWORD}).status_code == 404
    paired = browser.post("/pairing", {"code": code, "password": PASSWORD})
    assert (paired.status_code, paired.get_json()["role"]) == (200, "administrator")
    assert browser.get("/staff").get_json()["rows"][0]["display_name"] == "Jo Lark"
    browser.csrf = paired.get_json()["csrf"]
    new = {"display_name": "N", "role": "nurse", "username": "n.urse", "teams": []}
    assert browser.post("/staff", new).status_code == 201
    with app.app_context():
        hub().stop()
        db.engine.dispose()


def test_a_second_administrator_is_made_on_the_page_and_not_here(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*ADD, "--name", "Jo Lark") == 0
    assert command("administrator", "add", "other.one", "--name", "Other") == 1
    assert "There is an administrator already" in capsys.readouterr().err


def test_what_cannot_be_is_said_in_words(
    command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert command(*ADD) == 1
    assert "--name" in capsys.readouterr().err
    assert command("administrator", "add", "j", "--name", "J") == 1
    assert "letters, digits" in capsys.readouterr().err
    monkeypatch.delenv("DATABASE_URL")
    assert command(*ADD, "--name", "Jo Lark") == 1
    assert "nothing runs in" in capsys.readouterr().err
