"""What was stored is read back as it was said: a series for a chart or a rule, the newest of each code for lists."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from backend.core.config import Config
from backend.core.db import database_app, db
from backend.observations.codes import Code
from backend.observations.reading import Quality, Special
from backend.observations.service import latest, series
from tests.device_gateway.rig import Speaker, World, ago, obs, receipted, spo2, until


def test_a_series_and_the_latest_give_back_what_was_measured(
    world: World, speak: Callable[[str], Speaker], tmp_path: Path
) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    bodies = [
        obs([spo2(93)], taken=ago(days=3)),
        obs([spo2(91.5, q="suspect"), {"k": "glucose", "txt": "HI"}], taken=ago(hours=1), seq=1),
    ]
    for body in bodies:
        speaker.send("obs", body)
        until(partial(receipted, speaker, body))
    app = database_app(
        Config(tmp_path, world.gateway_url, mqtt_url=None, mqtt_control_url=None, public_url="", demo=False,
               pwa_dist=tmp_path)
    )  # fmt: skip
    now = datetime.now(UTC)
    with app.app_context():
        both = series(patient, {Code.SPO2}, now - timedelta(days=7), now)
        recent = series(patient, {Code.SPO2, Code.GLUCOSE}, now - timedelta(days=1), now)
        newest = latest([patient, patient + 1_000_000])
        db.session.remove()
        db.engine.dispose()
    assert [one.reading.value for one in both] == [Decimal(93), Decimal("91.5")]
    assert [(one.reading.code, one.reading.quality) for one in recent] == [
        (Code.SPO2, Quality.SUSPECT),
        (Code.GLUCOSE, Quality.OK),
    ]
    assert set(newest) == {patient}
    assert newest[patient][Code.GLUCOSE].reading.value is Special.HI
    assert newest[patient][Code.SPO2].reading.value == Decimal("91.5")
    assert newest[patient][Code.SPO2].device_row_id is not None
