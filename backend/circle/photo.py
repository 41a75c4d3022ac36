"""The picture a person chose of themselves, made small and stripped of where and when it was taken."""

import io
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.dialects.postgresql import insert

from backend.access.record import Record
from backend.audit import service as audit
from backend.circle.models import PatientPhoto
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Invalid

LARGEST = 200 * 1024
# A file of 200 kB can unfold to a picture of gigabytes: how large it says it is, is looked at before it is unfolded.
MOST_PIXELS = 25_000_000
SIDE, SMALL_SIDE = 256, 72
_FORMATS = ("JPEG", "PNG")


def put(record: Record, encoded: str) -> None:
    """Keep a picture, JPEG or PNG in base64, of at most 200 kB. Raises Invalid "photo"."""
    picture = _opened(encoded)
    shown = {"jpeg": jpeg(picture, SIDE), "small": jpeg(picture, SMALL_SIDE), "changed_at": sql_now()}
    db.session.execute(
        insert(PatientPhoto)
        .values(patient_id=record.patient.id, **shown)
        .on_conflict_do_update(index_elements=["patient_id"], set_=shown)
    )
    _note(record, "change-photo")


def remove(record: Record) -> None:
    """Keep none; again is quiet."""
    row = db.session.get(PatientPhoto, record.patient.id)
    if row is not None:
        db.session.delete(row)
        _note(record, "remove-photo")


def read(record: Record) -> bytes | None:
    """The picture as JPEG, 256 pixels wide and high; None when none was chosen."""
    row = db.session.get(PatientPhoto, record.patient.id)
    return None if row is None else row.jpeg


def small(patient_id: int) -> str | None:
    """The small one as a data: address, which a page can show without a network; None when there is none."""
    row = db.session.get(PatientPhoto, patient_id)
    return None if row is None else f"data:image/jpeg;base64,{b64encode(row.small).decode()}"


def _opened(encoded: str) -> Image.Image:
    try:
        data = b64decode(encoded.partition(",")[2] if encoded.startswith("data:") else encoded, validate=True)
    except (NotBase64, ValueError):
        raise _refused("This is no picture.") from None
    if len(data) > LARGEST:
        raise _refused("This picture is too large. It may have 200 kB.")
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise _refused("This picture has too many pixels.")
        upright = ImageOps.exif_transpose(picture)
        plain = Image.new("RGB", upright.size, "white")
        rgba = upright.convert("RGBA")
        plain.paste(rgba, mask=rgba.getchannel("A"))
        return plain
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise _refused("This is no picture that can be shown. Choose a JPEG or PNG.") from None


def jpeg(picture: Image.Image, side: int) -> bytes:
    """A square JPEG of the middle of a picture, `side` pixels wide and high, with nothing else in the file."""
    out = io.BytesIO()
    ImageOps.fit(picture, (side, side)).save(out, "JPEG", quality=78, optimize=True)
    return out.getvalue()


def _refused(words: str) -> Invalid:
    return Invalid("photo", words, errors={"jpeg": [words]})


def _note(record: Record, action: str) -> None:
    audit.record(
        record.actor, action, "patient", str(record.patient.public_id), patient_id=record.patient.id,
        purpose=record.purpose.value,
    )  # fmt: skip
