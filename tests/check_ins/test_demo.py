"""The demo's person has a past of check-ins and something to answer at any hour of any day."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backend.check_ins import asking
from backend.check_ins.definitions import questionnaires
from backend.check_ins.scoring import usable
from backend.core.clock import now
from backend.core.db import transaction
from backend.demo import check_ins
from backend.demo.people import FALLING, nhs_number
from backend.pathways.folder import read_folder
from tests.alerts.people import Monitored, monitored
from tests.browsing import Browser
from tests.check_ins.conftest import Browse, listed
from tests.factories import Factory


@pytest.fixture
def rose(app: Flask, make: Factory) -> Monitored:
    """Somebody with the number of the demo's person."""
    return monitored(app, make, nhs_number=nhs_number(FALLING))


def ensure(app: Flask) -> None:
    with app.app_context(), transaction():
        check_ins.ensure(now())


def test_the_past_is_written_once_and_something_is_due(
    app: Flask, rose: Monitored, make: Factory, browse: Browse
) -> None:
    ensure(app)
    ensure(app)
    phone: Browser = browse(make.account(patient=rose.patient))
    found = listed(phone, rose)
    assert len(found["given"]) == len(check_ins.GIVEN)
    assert "copd" in found["due"][0]["ids"] or "copd" in found["due"][-1]["ids"]
    assert phone.get(f"/patients/{rose.patient.public_id}/home").get_json()["check_in"] is not None
    assert rose.alerts() == []


def test_what_the_demo_answered_can_be_answered() -> None:
    for _, name, answers in check_ins.GIVEN:
        assert usable(questionnaires()[name], answers) == (answers, [])


@pytest.mark.parametrize("hour", range(24))
def test_at_every_hour_the_daily_check_in_is_asked(hour: int) -> None:
    (pack,) = (pack for pack, _ in read_folder(check_ins.PACKS) if pack.pathway == check_ins.PATHWAY)
    at = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    planned, _ = asking.plan([pack], is_rostered=True, is_carer=False)
    last: dict[str, datetime] = {}
    for days, name, _ in check_ins.GIVEN:
        given = (at - timedelta(days=days)).replace(hour=8)
        last[name] = max(given, last.get(name, given))
    assert "copd" in {name for one in asking.due(planned, last, at) for name in one.ids}
