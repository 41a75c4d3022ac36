"""Nothing of a person who joins stands in a log or an address, and the board's answers stand apart."""

import io
import json
import logging
from collections.abc import Iterator

import psycopg
import pytest

from backend.core.answers import JsonLines
from backend.core.db import plain_dsn
from tests.caseload.conftest import CONTACTS, IDENTITY, Desk
from tests.conftest import Database

PRIVATE = (
    "Zebedee",
    "Quill",
    "9990000018",
    "960777",
    "Marigold",
    "Loud, left ear",
    "Hers alone",
    "white",
    "KS-9",
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything our loggers write during the test, as the process would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("alongside")
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield written
    ours.removeHandler(handler)


def test_a_joining_leaves_no_name_number_or_answer_in_the_log(nurse: Desk, logged: io.StringIO) -> None:
    identity = IDENTITY | {
        "nhs_number": "9990000018", "given_name": "Zebedee", "family_name": "Quill", "phone": "01632 960777"
    }  # fmt: skip
    contact = {"relation": "carer", "name": "Marigold", "phone": "07700 900777", "tell": True}
    nurse.send("/joinings/nhs-number", {"nhs_number": "9990000018"})
    draft = nurse.fill(nurse.start(), identity=identity, contacts=CONTACTS | {"contacts": [contact]})
    nurse.step(draft, "board", {"ethnicity": "white"})
    joined = nurse.step(draft, "register")
    nurse.step(draft, "go-live")
    nurse.change(joined["patient"]["id"], "/reviews", {"note": "Hers alone", "next_due": "2099-01-01"})
    nurse.send("/caseload/search", {"q": "Quill"})
    code = nurse.send(f"/patients/{joined['patient']['id']}/pairing-codes", {"for": "self"}).get_json()[
        "code"
    ]
    nurse.change(joined["patient"]["id"], "/ending", {"reason": "wish", "note": "Hers alone"})
    said = logged.getvalue()
    for private in (*PRIVATE, code, code.replace("-", "")):
        assert private not in said
    rules = {json.loads(line).get("rule") for line in said.splitlines()}
    assert "/api/v1/joinings/<uuid:joining_id>/identity" in rules


def test_what_the_board_asks_is_not_on_the_pages_of_a_persons_care(nurse: Desk) -> None:
    draft = nurse.fill(nurse.start())
    nurse.step(draft, "board", {"ethnicity": "mixed", "disability": "sensory", "deprivation_decile": 3})
    joined = nurse.step(draft, "register")
    patient = joined["patient"]["id"]
    for path in (f"/patients/{patient}/care", f"/patients/{patient}/record", "/caseload"):
        said = json.dumps(nurse.read(path))
        assert "mixed" not in said
        assert "sensory" not in said
        assert "deprivation" not in said


@pytest.mark.parametrize("role", ["al_gateway", "al_worker"])
@pytest.mark.parametrize("table", ["board_record", "pairing_code", "pairing_attempt"])
def test_only_the_web_process_may_read_it(database: Database, role: str, table: str) -> None:
    with (
        psycopg.connect(plain_dsn(database.url(role))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"select * from {table}".encode())
