"""A claim code over HTTP and a real broker: one use, ten minutes, few wrong tries, and nothing secret kept."""

import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from backend.app import create_app
from backend.core.db import db, transaction
from backend.core.http import SYSTEM
from backend.devices import service as devices
from backend.kit import claims
from backend.supervise.mosquitto import Mosquitto
from tests.conftest import Database
from tests.factories import Factory, Ref
from tests.kit.conftest import House, new_id, together
from tests.kit.device import connects, device


def claim(client: FlaskClient, code: str, address: str = "192.0.2.1") -> TestResponse:
    """Ask as a device does: no cookie, no origin, no token."""
    return client.post("/device/claim", json={"code": code}, environ_base={"REMOTE_ADDR": address})


def code_for(house: House, kit: Ref, shown: str | None = None) -> str:
    answer = house.nurse.browser.post(f"/kit/{kit.public_id}/claim-codes", {"code": shown})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    code: str = answer.get_json()["code"]
    return code


def test_a_device_exchanges_its_code_for_all_it_needs_to_connect(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit = house.make.device(device_id=new_id())
    code = code_for(house, kit)
    assert (len(code), code[4]) == (9, "-")
    assert house.nurse.read(kit)["claim"] is not None
    answer = claim(app.test_client(), code.lower().replace("-", ""))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json()
    assert (told["device_id"], told["username"], told["tls"]) == (kit.name, kit.name, True)
    assert (told["host"], told["port"]) == ("localhost", with_broker.tls_port)
    assert told["ca"] == with_broker.ca_file.read_text()
    assert told["topics"]["publish"] == [f"al/v1/{kit.name}/up/#"]
    with device(told) as speaking:
        assert speaking.publish(f"al/v1/{kit.name}/up/obs", b"{}") == 0
    now = house.nurse.read(kit)
    assert (now["claim"], now["history"][0]["kind"], now["credential_at"] is not None) == (
        None,
        "claimed",
        True,
    )


def test_a_code_the_device_shows_is_good_and_no_other_device_may_have_it(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit, other = house.make.device(device_id=new_id()), house.make.device(device_id=new_id())
    assert code_for(house, kit, "k7qm-3xpa") == "K7QM-3XPA"
    taken = house.nurse.browser.post(f"/kit/{other.public_id}/claim-codes", {"code": "K7QM3XPA"})
    assert (taken.status_code, taken.get_json()["code"]) == (422, "code-in-use")
    for wrong in ("SHORT", "K7QM-3XP0", "K7QM-3XPI"):
        answer = house.nurse.browser.post(f"/kit/{other.public_id}/claim-codes", {"code": wrong})
        assert answer.get_json()["code"] == "code"
    assert claim(app.test_client(), "K7QM 3XPA").get_json()["device_id"] == kit.name


def test_unknown_used_and_expired_codes_get_one_answer(
    house: House, app: Flask, with_broker: Mosquitto, connection: Connection
) -> None:
    kit, client = house.make.device(device_id=new_id()), app.test_client()
    used = code_for(house, kit)
    assert claim(client, used).status_code == 200
    expired = code_for(house, kit)
    connection.execute(text("update claim_code set expires_at = clock_timestamp() where used_at is null"))
    replaced = code_for(house, kit)
    code_for(house, kit)
    answers = [claim(client, code, "192.0.2.9") for code in (used, expired, replaced, "ABCDEFGH")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1
    assert answers[0].get_json()["code"] == "claim-code-unknown"


def test_five_wrong_codes_from_one_address_close_the_door_to_it_and_to_no_other(
    house: House, app: Flask, with_broker: Mosquitto, connection: Connection
) -> None:
    kit, client = house.make.device(device_id=new_id()), app.test_client()
    good = code_for(house, kit)
    assert [claim(client, f"WRNG{n}{n}{n}{n}").status_code for n in range(2, 7)] == [404] * 5
    shut = claim(client, good)
    assert (shut.status_code, shut.get_json()["code"]) == (429, "too-many-attempts")
    assert 0 < int(shut.headers["Retry-After"]) <= 600
    assert claim(client, good, "192.0.2.2").status_code == 200
    connection.execute(text("update claim_attempt set at = at - interval '11 minutes'"))
    assert claim(client, "WRNG2222").status_code == 404


def test_wrong_codes_from_many_addresses_are_bounded_in_all(
    app: Flask, with_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MOST_IN_ALL", 6)
    answers = [claim(app.test_client(), "WRNG2222", f"192.0.2.{n}").status_code for n in range(8)]
    assert answers == [404] * 6 + [429] * 2


def test_without_the_broker_the_code_is_not_used_up(
    house: House, app: Flask, with_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, client = house.make.device(device_id=new_id()), app.test_client()
    code = code_for(house, kit)
    with monkeypatch.context() as away:
        away.setitem(app.config, "MQTT_CONTROL_URL", "mqtt://al-control:x@127.0.0.1:1")
        for _ in range(6):
            answer = claim(client, code)
            assert (answer.status_code, answer.get_json()["code"]) == (503, "broker-unavailable")
    assert house.nurse.read(kit)["credential_at"] is None
    assert claim(client, code).status_code == 200


def test_a_revoked_device_gets_no_code(house: House, with_broker: Mosquitto) -> None:
    kit = house.make.device(device_id=new_id())
    house.nurse.do(kit, "/revoke", reason="stolen")
    answer = house.nurse.browser.post(f"/kit/{kit.public_id}/claim-codes", {"code": None})
    assert (answer.status_code, answer.get_json()["code"]) == (412, "revoked")


def test_half_a_character_is_a_wrong_code_like_any_other(app: Flask, with_broker: Mosquitto) -> None:
    answer = claim(app.test_client(), "ABCD\ud800FGH")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "claim-code-unknown")


def test_the_answer_with_the_secret_is_kept_by_nobody_on_its_way(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit = house.make.device(device_id=new_id())
    answer = claim(app.test_client(), code_for(house, kit))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_claim_is_json_and_from_no_page(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/device/claim", data="code=ABCDEFGH").status_code == 415
    assert client.post("/device/claim", json={}).status_code in (422, 503)


def test_neither_code_nor_secret_is_logged_or_stored(
    house: House, app: Flask, with_broker: Mosquitto, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    kit = house.make.device(device_id=new_id())
    with caplog.at_level(logging.DEBUG):
        code = code_for(house, kit)
        secret = claim(app.test_client(), code).get_json()["secret"]
        claim(app.test_client(), "WRNG2222")
    tables = connection.execute(
        text(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_type = 'BASE TABLE' and table_name <> 'alembic_version'"
        )
    ).scalars()
    said = caplog.text
    for table in tables:
        said += str(connection.execute(text(f"select string_agg(t::text, ' ') from {table} t")).scalar())
    for hidden in (code, code.replace("-", ""), secret, "WRNG2222"):
        assert hidden not in said


def test_of_two_claims_at_once_one_wins_and_its_secret_is_the_one_that_works(racing: Flask) -> None:
    kit = Factory(racing).device(device_id=new_id())
    with racing.app_context(), transaction():
        piece = devices.piece(kit.public_id)
        assert piece is not None
        code, _ = claims.make_code(SYSTEM, piece, None)
    answers: list[TestResponse] = []
    together(4, lambda: answers.append(claim(racing.test_client(), code)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    told: dict[str, Any] = next(answer.get_json() for answer in answers if answer.status_code == 200)
    assert connects(told)


def test_wrong_tries_side_by_side_all_count(racing: Flask) -> None:
    answers: list[int] = []
    together(9, lambda: answers.append(claim(racing.test_client(), "WRNG2222").status_code))
    assert (answers.count(404), answers.count(429)) == (5, 4)


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 404)])
def test_behind_a_proxy_of_ours_tries_are_counted_by_the_address_it_adds(
    flow_database: Database, tmp_path: Path, mosquitto_broker: Mosquitto, proxies: int, last: int
) -> None:
    app = create_app(
        flow_database.config(
            tmp_path, proxies=proxies, device_host="localhost", device_port=1,
            mqtt_control_url=mosquitto_broker.control_url(),
        )
    )  # fmt: skip
    client = app.test_client()
    answers = [
        client.post(
            "/device/claim", json={"code": "WRNG2222"}, headers={"X-Forwarded-For": f"192.0.2.{n}"}
        ).status_code
        for n in range(6)
    ]
    assert answers == [404] * 5 + [last]
    with app.app_context():
        db.engine.dispose()
