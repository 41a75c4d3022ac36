"""Who looked at a person's information, told to that person alone; and the picture they chose."""

import io
from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


@pytest.fixture
def patient(make: Factory) -> Ref:
    """Somebody on nobody's list yet."""
    return make.patient()


def test_a_person_sees_who_looked_by_day_with_role_and_reason(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    nurse, carer = make.practitioner(display_name="Nurse Lime"), make.carer()
    make.team([nurse], [patient])
    make.proxy_consent(patient, carer, ["readings"])
    browse(make.account(practitioner=nurse), "team").get(f"/patients/{patient.public_id}/record")
    helper = browse(make.account(carer=carer))
    for _ in range(2):
        helper.get(f"/patients/{patient.public_id}/home")
    person = browse(make.account(patient=patient))
    person.get(f"/patients/{patient.public_id}/home")
    found = person.get(f"/patients/{patient.public_id}/looked").get_json()
    assert [
        (row["name"], row["relation"], row["role"], row["why"], row["times"]) for row in found["rows"]
    ] == [
        (carer.name, "carer", "", "Because you asked them to help", 2),
        ("Nurse Lime", "team", "Nurse", "To plan or check your care", 1),
    ]
    assert found["next"] is None
    last = person.get(f"/patients/{patient.public_id}/circle").get_json()["looked"]["last"]
    assert [row["name"] for row in last] == [carer.name, "Nurse Lime"]


def test_who_was_refused_did_not_look(make: Factory, browse: Browse, patient: Ref) -> None:
    stranger = make.practitioner()
    make.team([stranger], [make.patient()])
    desk = browse(make.account(practitioner=stranger), "team")
    assert desk.get(f"/patients/{patient.public_id}/record").status_code == 404
    person = browse(make.account(patient=patient))
    assert person.get(f"/patients/{patient.public_id}/looked").get_json()["rows"] == []


def test_older_days_are_asked_for_by_the_day_before_them(
    make: Factory, browse: Browse, patient: Ref, connection: Connection
) -> None:
    nurse = make.practitioner()
    connection.execute(
        text("select audit_append('practitioner', :nurse, :patient, 'TREAT', 'read-record', 'patient', null, 'success',"
             " '{}'::jsonb)"), {"nurse": nurse.public_id, "patient": patient.id})  # fmt: skip
    person = browse(make.account(patient=patient))
    path = f"/patients/{patient.public_id}/looked"
    assert len(person.get(path).get_json()["rows"]) == 1
    before = person.get(f"{path}?from=2020-01-01").get_json()
    assert before == {"rows": [], "next": None}
    after = person.get(f"{path}?from=2099-01-01").get_json()
    assert after["rows"] == []
    assert after["next"] == "2098-12-02"


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), **saved: object) -> str:
    """A picture in base64."""
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, form, **saved)
    return b64encode(out.getvalue()).decode()


def test_a_picture_is_made_small_and_loses_where_it_was_taken(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "in front of my house"
    person, path = browse(make.account(patient=patient)), f"/patients/{patient.public_id}/photo"
    assert person.get(path).status_code == 204
    assert person.put(path, {"jpeg": picture(exif=exif.tobytes())}).status_code == 204
    kept = person.get(path)
    assert (kept.mimetype, kept.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    shown = Image.open(io.BytesIO(kept.data))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (256, 256), {})
    assert b"in front of my house" not in kept.data
    small = person.get(f"/patients/{patient.public_id}/circle").get_json()["me"]["photo"]
    assert Image.open(io.BytesIO(b64decode(small.partition(",")[2]))).size == (72, 72)
    assert len(small) < 4000
    assert person.put(path, {"jpeg": f"data:image/png;base64,{picture('PNG')}"}).status_code == 204
    assert person.delete(path).status_code == 204
    assert person.get(path).status_code == 204


@pytest.mark.parametrize(
    "sent",
    [
        "", "not base64!", b64encode(b"words").decode(), picture()[:200], picture("GIF"),
        picture("PNG", (6000, 6000)), b64encode(b"\xff\xd8\xff" + b"0" * 205 * 1024).decode(),
    ],
)  # fmt: skip
def test_what_is_no_small_picture_is_refused_in_words(
    make: Factory, browse: Browse, patient: Ref, sent: str
) -> None:
    person = browse(make.account(patient=patient))
    assert person.put(f"/patients/{patient.public_id}/photo", {"jpeg": sent}).status_code == 422


def test_whoever_helps_sees_the_picture_and_does_not_change_it(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    carer = make.carer()
    make.proxy_consent(patient, carer, ["messages"])
    path = f"/patients/{patient.public_id}/photo"
    browse(make.account(patient=patient)).put(path, {"jpeg": picture()})
    helper = browse(make.account(carer=carer))
    assert helper.get(path).status_code == 200
    assert helper.put(path, {"jpeg": picture()}).status_code == 404
    assert helper.delete(path).status_code == 404
    stranger = browse(make.account(patient=make.patient()))
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_of_ours_reaches_is_refused_in_words(
    make: Factory, browse: Browse, day: str
) -> None:
    patient = make.patient()
    person = browse(make.account(patient=patient))
    answer = person.get(f"/patients/{patient.public_id}/looked?from={day}")
    assert (answer.status_code, "from" in answer.get_json()["errors"]) == (422, True)
