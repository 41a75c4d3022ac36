"""A slice's routes: each says in one place who may ask, what it takes and what it answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import msgspec
from flask import Response, jsonify, make_response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import func, select

from backend.core.db import db, in_transaction, transaction
from backend.core.errors import Invalid, NotAllowed
from backend.core.http import (
    Answer,
    SignedIn,
    Wanted,
    came_sealed,
    check_csrf,
    check_origin,
    idempotency_key,
    if_match_version,
    request_hash,
    require_audience,
    weak_etag,
)
from backend.core.models import IdempotencyKey
from backend.core.once import one_reading
from backend.core.pressing import fixed_answer

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]
# Endpoints that a phone's sealed outbox may reach, by Flask's name of each: filled as slices say `late`.
MAY_COME_LATE: set[str] = set()


def _zulu(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Instant(fields.AwareDateTime):
    """A time: aware UTC inside, ISO 8601 with Z outside."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(format="iso", **settings)
        self.SERIALIZATION_FUNCS = {**self.SERIALIZATION_FUNCS, "iso": _zulu}


class ProblemSchema(Schema):
    """Every error, in one shape (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "Always about:blank."})
    title = fields.String(required=True, metadata={"description": "The kind, in words."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    kind = fields.String(
        required=True, metadata={"description": "invalid, not-allowed, not-found, conflict or unavailable."}
    )
    code = fields.String(required=True, metadata={"description": "Stable, for programs."})
    detail = fields.String(required=True, metadata={"description": "What is wrong and how to mend it."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with each field."},
    )
    current = fields.Dict(metadata={"description": "For a conflict: what stands now."})


class Routes:
    """The HTTP side of one slice; `create_app` finds it as `blp` in the slice's `api`."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.blueprint: Any = Blueprint(name, name, description=description)

    def get(
        self,
        path: str,
        *,
        audience: Wanted,
        answers: type[Schema] | None = None,
        query: type[Schema] | None = None,
        etag_ignores: frozenset[str] | None = None,
        content_type: str | None = None,
        fixed: bool = False,
    ) -> Callable[[View[P, R]], View[P, R]]:
        """Route a read. With `etag_ignores` the answer has a weak ETag and an unchanged one is 304.

        `fixed` is for what is the same for everybody as long as this process lives: it is put together once.
        """

        def decorate(view: View[P, R]) -> View[P, R]:
            inner = self._taking(view, query, "query")
            # Made once: a schema copies every field of its own, and of those it holds, when it is made.
            shape = answers() if answers else None

            def answered(path_arguments: dict[str, object]) -> Response:
                return _response(inner(**path_arguments), shape, 200)

            written = cache(lambda: answered({}).get_data())

            @wraps(inner)
            def handled(**path_arguments: object) -> Response:
                require_audience(audience)
                with transaction(), one_reading():
                    response = fixed_answer(written()) if fixed else answered(path_arguments)
                return response if etag_ignores is None else _with_etag(response, etag_ignores)

            self._route(path, "GET", handled, answers, 200, content_type)
            return view

        return decorate

    def post(
        self,
        path: str,
        *,
        audience: Wanted,
        answers: type[Schema] | None = None,
        body: type[Schema] | None = None,
        status: int = 200,
        method: str = "POST",
        repeatable: bool = False,
        versioned: bool = False,
        own_transaction: bool = False,
        from_pages: bool = True,
        late: bool = False,
        afterwards: Callable[..., Answer | None] | None = None,
    ) -> Callable[[View[P, R]], View[P, R]]:
        """Route a write. `repeatable` needs an Idempotency-Key and gives the first answer again; `versioned` needs
        If-Match and passes `if_version`; `late` is for what a phone may bring sealed after its session ended.
        `own_transaction` leaves commits to the view, where refusals have to stay written (sign-in, claim, rotation) or
        the broker is asked between two transactions. `from_pages` False is for what no page sends: being JSON keeps
        other sites' forms out. `afterwards`, given the path's arguments, runs after the commit (and a repeat), for
        what goes over the network; an answer it gives is the route's.
        """

        def decorate(view: View[P, R]) -> View[P, R]:
            inner = self._taking(view, body, "json")
            shape = answers() if answers else None

            def once(path_arguments: dict[str, object]) -> Response:
                if versioned:
                    path_arguments["if_version"] = if_match_version()
                return _response(inner(**path_arguments), shape, status)

            @wraps(inner)
            def handled(**path_arguments: object) -> Response:
                session = _guard_write(audience, from_pages, late)
                if own_transaction:
                    return once(path_arguments)
                named = dict(path_arguments)
                asker = session if repeatable else None
                response = in_transaction(lambda: _repeatable(asker, lambda: once(path_arguments)))
                later = None if afterwards is None else afterwards(**named)
                return response if later is None else _response(later, shape, status)

            documented = _documented(handled, from_pages, repeatable, versioned)
            self._say_late(view, late, repeatable)
            self._route(path, method, documented, answers, status, None)
            return view

        return decorate

    def _say_late(self, view: View[P, R], late: bool, repeatable: bool) -> None:
        assert repeatable or not late, "what may come late may come twice"
        if late:
            MAY_COME_LATE.add(f"{self.name}.{view.__name__}")

    def delete(self, path: str, *, audience: Wanted) -> Callable[[View[P, R]], View[P, R]]:
        """Route a removal that answers 204."""
        return self.post(path, audience=audience, status=204, method="DELETE")

    def _taking(self, view: View[P, R], schema: type[Schema] | None, location: str) -> Any:
        if schema is None:
            return view
        name = "body" if location == "json" else "query"
        return self.blueprint.arguments(schema, location=location, arg_name=name)(view)

    def _route(
        self,
        path: str,
        method: str,
        handled: Callable[..., Response],
        answers: type[Schema] | None,
        status: int,
        content_type: str | None,
    ) -> None:
        documented = self.blueprint.response(status, answers, content_type=content_type)(handled)
        self.blueprint.route(path, methods=[method])(documented)


def _documented(
    handled: Callable[..., Response], from_pages: bool, repeatable: bool, versioned: bool
) -> Callable[..., Response]:
    headers = [("X-CSRF-Token", "The token given at sign-in.", True)] if from_pages else []
    if repeatable:
        headers.append(("Idempotency-Key", "A UUID of the writer's own; the same again is a repeat.", True))
    if versioned:
        headers.append(("If-Match", 'The version last seen, as W/"3".', True))
    parameters = [
        {"in": "header", "name": name, "description": words, "required": needed, "schema": {"type": "string"}}
        for name, words, needed in headers
    ]
    documented: Callable[..., Response] = Blueprint.doc(parameters=parameters)(handled)
    return documented


def _guard_write(audience: Wanted, from_pages: bool = True, late: bool = False) -> SignedIn | None:
    sealed = came_sealed()
    if sealed and not late:
        raise NotAllowed("not-late", "This change cannot be brought after a sign-in has ended.")
    # What came sealed was made by nobody's page: only who held the ticket could seal it, and we opened it.
    if from_pages and not sealed:
        check_origin()
    if request.content_length and not request.is_json:
        raise Invalid("json-only", "Send JSON, with Content-Type: application/json.", status=415)
    session = require_audience(audience)
    if session is not None and not sealed:
        check_csrf(session)
    return session


def _response(result: object, shape: Schema | None, status: int) -> Response:
    if isinstance(result, Response):
        return result
    answer = result if isinstance(result, Answer) else Answer(_mapping(result), status)
    if answer.body is None:
        response = make_response("", 204)
    else:
        response = jsonify(dict(answer.body)) if shape is None else _json(shape.dump(answer.body))
        response.status_code = answer.status
    if answer.version is not None:
        response.set_etag(str(answer.version), weak=True)
    response.headers.update(answer.headers)
    return response


def _json(plain: object) -> Response:
    # What a schema gives is plain, and Flask's own writer takes several times as long over a year of readings. A text
    # of a kind of its own, such as the name of a column, is a text too.
    return Response(msgspec.json.encode(plain, enc_hook=str.__str__), mimetype="application/json")


def _mapping(result: object) -> Mapping[str, object] | None:
    assert result is None or isinstance(result, Mapping)
    return result


def _with_etag(response: Response, ignore: frozenset[str]) -> Response:
    response.set_etag(weak_etag(response.get_data(), ignore), weak=True)
    response.make_conditional(request)
    return response


def _repeatable(session: SignedIn | None, once: Callable[[], Response]) -> Response:
    """Give the stored answer to a repeat, or answer and store it in the transaction of the change itself.

    Without a session nothing is kept: the route is none that may be repeated, or is anybody's.
    """
    if session is None:
        return once()
    key, asked = idempotency_key(), request_hash()
    account_id = session.actor.account_id
    if account_id is None:
        raise NotAllowed("no-account", "Only somebody who signed in can make this change.")
    lock = func.hashtextextended(f"{account_id} {key}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(lock)))
    stored = db.session.get(IdempotencyKey, (account_id, key))
    if stored is not None:
        if stored.request_hash != asked:
            raise Invalid("idempotency-key-reused", "This Idempotency-Key was used for another change.")
        return _again(stored)
    response = once()
    db.session.add(
        IdempotencyKey(
            account_id=account_id,
            key=key,
            request_hash=asked,
            status=response.status_code,
            body=response.get_json(silent=True),
            etag=response.get_etag()[0],
        )
    )
    return response


def _again(stored: IdempotencyKey) -> Response:
    response = make_response("", 204) if stored.body is None else jsonify(stored.body)
    response.status_code = stored.status
    if stored.etag:
        response.set_etag(stored.etag, weak=True)
    return response
