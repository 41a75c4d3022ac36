"""Gives each failure the one error shape, each answer its security headers, each request a line of log."""

import json
import logging
import sys
import time
from collections.abc import Mapping
from uuid import uuid4

import psycopg
from flask import Flask, Response, g, jsonify, request
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from backend.core.clock import now
from backend.core.errors import Invalid, NotAllowed, NotFound, Problem, Unavailable

log = logging.getLogger("alongside.app")
access_log = logging.getLogger("alongside.access")

# No inline script or style and nothing from anywhere else. The design system draws its icons as data: images.
CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def problem_response(problem: Problem) -> Response:
    """The answer for a failure, application/problem+json."""
    response = jsonify(problem.body())
    response.status_code = problem.status
    response.mimetype = "application/problem+json"
    response.headers.update(problem.headers)
    return response


def register_answers(app: Flask) -> None:
    """Install the error handlers, the headers and the access log; call it after the API is registered."""
    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(InterfaceError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(psycopg.OperationalError, _database)
    app.register_error_handler(DataError, _unusable)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unexpected)
    app.before_request(_begin)
    app.after_request(_finish)


def _http(error: HTTPException) -> Response:
    """Flask's, werkzeug's and the schema library's own errors, in our shape."""
    status = error.code or 500
    if status == 404:
        return problem_response(NotFound("no-such-page", "There is nothing at this address."))
    if status == 405:
        problem: Problem = Invalid("method", "This address does not take this method.", status=405)
    elif status == 422:
        fields = _field_errors(getattr(error, "data", {}).get("messages", {}))
        problem = Invalid("invalid", "Something in what was sent cannot be used.", errors=fields)
    elif status in (401, 403):
        problem = NotAllowed("not-allowed", "This is not allowed.", status=status)
    elif status < 500:
        problem = Invalid(error.name.lower().replace(" ", "-"), "The request cannot be used.", status=status)
    else:
        problem = Unavailable("failed", "Something went wrong here. Try again.", status=status)
    response = problem_response(problem)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _field_errors(messages: object, path: str = "") -> dict[str, list[str]]:
    """Nested marshmallow messages as field name -> words; the location ("json") is not part of a name."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in messages.items():
            at = path if not path and name in ("json", "query") else f"{path}.{name}".lstrip(".")
            found |= _field_errors(inner, at)
        return found
    words = messages if isinstance(messages, list) else [messages]
    return {path or "_schema": [str(word) for word in words]}


def _too_deep(_: RecursionError) -> Response:
    return problem_response(Invalid("too-deep", "What was sent is nested too deeply.", status=400))


def _database(error: Exception) -> Response:
    log.error("database unavailable", extra={"phase": "database", "error": type(error).__name__})
    return problem_response(
        Unavailable(
            "database",
            "The service cannot reach its records just now. Try again.",
            headers={"Retry-After": "5"},
        )
    )


def _unusable(error: DataError) -> Response:
    """A value no column can hold, such as a text with a NUL: the sender's to mend, and worth a line of log."""
    log.warning("a value the database refuses", extra={"sqlstate": getattr(error.orig, "sqlstate", None)})
    return problem_response(Invalid("invalid", "Something in what was sent cannot be used."))


def _unexpected(error: Exception) -> Response:
    # The traceback's frames say where; the exception's words may hold values and are left out.
    where = _last_own_frame(error)
    log.error(
        "unexpected failure",
        extra={
            "phase": "request",
            "error": type(error).__name__,
            "where": where,
            "request": g.get("request_id"),
        },
    )
    if isinstance(error, DBAPIError):
        log.error("sqlstate", extra={"sqlstate": getattr(error.orig, "sqlstate", None)})
    return problem_response(Unavailable("failed", "Something went wrong here. Try again.", status=500))


def _last_own_frame(error: BaseException) -> str:
    where, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("backend."):
            where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where


def _begin() -> None:
    g.request_id = uuid4().hex[:12]
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # A claim's answer holds a secret: it is kept by nobody on its way.
    if request.path.startswith(("/api/", "/device/")) or request.path == "/health":
        response.headers.setdefault("Cache-Control", "no-store")
    # The rule and not the address: a query string, or a path that somebody made up, may hold anything.
    access_log.info(
        "request",
        extra={
            "request": g.get("request_id"),
            "method": request.method,
            "rule": str(request.url_rule) if request.url_rule else None,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "account": _account(),
        },
    )
    return response


def _account() -> int | None:
    signed_in = g.get("signed_in")
    return signed_in.actor.account_id if signed_in else None


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, what, and the ids given in `extra`."""

    _ORDINARY = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; an exception shows its type only, because its words may hold values."""
        line: dict[str, object] = {
            "at": now().isoformat().replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "what": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in self._ORDINARY}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


def log_to_stderr() -> None:
    """Send our own loggers to standard error as JSON lines; called once by a process's main."""
    ours = logging.getLogger("alongside")
    if not ours.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        ours.addHandler(handler)
        ours.setLevel(logging.INFO)
        ours.propagate = False
