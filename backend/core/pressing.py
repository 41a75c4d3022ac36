"""Presses the API's larger answers, because a first sync over a poor signal is the size of what is sent."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

# A smaller answer fits one packet either way.
LEAST = 1_024
# Level 4 of zlib: a third of the time of level 6 for a year of readings, and five percent more bytes.
LEVEL = 4
# An answer that holds a secret beside what a sender chose would tell it by its length (BREACH).
HOLDS_A_SECRET = ("/api/v1/session", "/api/v1/pairing", "/api/v1/invitation")


class _Fixed(Response):
    """The same for everybody and every time, so pressed once and kept."""


def fixed_answer(written: bytes) -> Response:
    """A JSON answer that is the same for everybody as long as this process lives; `written` is the same object too."""
    return _Fixed(written, mimetype="application/json")


@lru_cache(maxsize=16)
def _pressed_once(written: bytes) -> bytes:
    return gzip.compress(written, LEVEL, mtime=0)


def register_pressing(app: Flask) -> None:
    """Press JSON answers for whoever takes gzip; a stream and a file are left as they are."""
    app.after_request(_press)


def _press(response: Response) -> Response:
    if not _is_pressable(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    written = response.get_data()
    fixed = isinstance(response, _Fixed)
    response.set_data(_pressed_once(written) if fixed else gzip.compress(written, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _is_pressable(response: Response) -> bool:
    return (
        response.is_json
        and not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= LEAST
        and not request.path.startswith(HOLDS_A_SECRET)
    )
