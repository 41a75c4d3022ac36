"""What the phone's own test seals is opened here: two programs in two languages agree on every byte."""

import json
from pathlib import Path

import pytest
from flask import Flask

from backend.core.sealing import CannotOpen, derive, open_sealed
from backend.phones.command import read

VECTORS = json.loads((Path(__file__).parent / "sealed_vectors.json").read_text())


@pytest.fixture
def service() -> Flask:
    """Only what opening needs: the seed of the key."""
    app = Flask("vectors")
    app.config["OUTBOX_KEY"] = VECTORS["seed"]
    return app


def test_what_a_phone_seals_is_opened_byte_for_byte(service: Flask) -> None:
    with service.app_context():
        key = derive(service.config["OUTBOX_KEY"])
        assert (key.kid, key.public_key) == (VECTORS["service"]["kid"], VECTORS["service"]["public_key"])
        for vector in VECTORS["sealed"]:
            assert json.loads(open_sealed(vector["envelope"])) == vector["plain"]
            command = read(open_sealed(vector["envelope"]))
            assert (command.body, command.if_match) == (vector["plain"]["body"], vector["plain"]["ifMatch"])
        assert len(VECTORS["sealed"]) == 3


def test_an_envelope_with_one_changed_sign_is_not_opened(service: Flask) -> None:
    with service.app_context():
        for vector in VECTORS["sealed"]:
            for name in ("epk", "iv", "ct"):
                text = vector["envelope"][name]
                changed = text[:10] + ("A" if text[10] != "A" else "B") + text[11:]
                with pytest.raises(CannotOpen):
                    open_sealed(vector["envelope"] | {name: changed})
