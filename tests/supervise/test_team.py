"""A service without the demo gets its first care team from whoever runs it, and can then add its first person."""

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
TEAM = ["team", "add", "Harbour team"]
PHONE = ["--phone", "01632 960100"]


@pytest.fixture
def command(flow_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """`alongside ...` beside a service whose DATABASE_URL is set, as on a server under systemd."""
    monkeypatch.setenv("DATABASE_URL", flow_database.url())
    monkeypatch.setenv("ALONGSIDE_PUBLIC_URL", "https://alongside.example")
    return lambda *words: cli.main([*words, "--home", str(tmp_path)])


def test_from_nothing_to_the_first_draft_of_a_person(
    command: Callable[..., int], flow_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*TEAM, *PHONE, "--opens", "07:30", "--organization", "Harbour trust") == 0
    said = capsys.readouterr().out
    assert "somebody watches 7:30am to 8pm, every day (Europe/London)" in said
    assert command("administrator", "add", "jo.lark", "--name", "Jo Lark") == 0
    code = capsys.readouterr().out.split("with the code ")[1].split()[0]
    app = create_app(flow_database.config(tmp_path))
    admin = Browser(app, "team")
    admin.csrf = admin.post("/pairing", {"code": code, "password": PASSWORD}).get_json()["csrf"]
    (team,) = admin.get("/staff").get_json()["teams"]
    assert team["name"] == "Harbour team"
    new = {
        "display_name": "N", "role": "nurse", "username": "n.urse",
        "teams": [{"team_id": team["id"], "from": None, "until": None}],
    }  # fmt: skip
    made = admin.post("/staff", new)
    assert made.status_code == 201, made.get_data(as_text=True)
    nurse = Browser(app, "team")
    given = admin.post(f"/staff/{made.get_json()['id']}/pairing-codes", {}).get_json()["code"]
    nurse.csrf = nurse.post("/pairing", {"code": given, "password": PASSWORD}).get_json()["csrf"]
    assert nurse.post("/joinings", {}).status_code == 201
    with app.app_context():
        hub().stop()
        db.engine.dispose()


def test_what_cannot_be_a_team_is_said_in_words(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*TEAM, *PHONE) == 0
    for words, said in (
        ([*TEAM, *PHONE], "There is a team called Harbour team already"),
        ([*TEAM, "--phone", " "], "a telephone"),
        (["team", "add", "B", *PHONE, "--opens", "8am"], "write a time like 08:00"),
        (["team", "add", "B", *PHONE, "--time-zone", "Mars/Base"], "there is no time zone Mars/Base"),
    ):
        assert command(*words) == 1
        assert said in capsys.readouterr().err
