"""The database: one engine, one session a unit of work, and the only commit in the system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

import psycopg
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from psycopg import Connection
from sqlalchemy import (
    BigInteger,
    CursorResult,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    Text,
    TextClause,
    Uuid,
    make_url,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from backend.core.config import Config
from backend.plugs import slices

Answer = TypeVar("Answer")
# Of SQLSTATE.
DEADLOCK = "40P01"


class Base(DeclarativeBase):
    """Every mapped class; times are always with their zone, integers `int` unless a table grows."""

    registry = registry(
        type_annotation_map={datetime: DateTime(timezone=True), UUID: Uuid(as_uuid=True), str: Text}
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Keyed:
    """A row with an integer key inside and a UUID outside (house rule: UUID keys would double the bytes)."""

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    public_id: Mapped[UUID] = mapped_column(Uuid(as_uuid=True), unique=True, default=uuid4)


class BigKeyed:
    """The same for tables that grow with time."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    public_id: Mapped[UUID] = mapped_column(Uuid(as_uuid=True), unique=True, default=uuid4)


class PatientRow(Keyed):
    """A row about one patient that people edit: reached through a Record, saved with a version."""

    patient_id: Mapped[int] = mapped_column(Integer, ForeignKey("patient.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what was done inside, or roll all of it back.

    Only entry points use it: a request, a job, a batch.
    """
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def in_transaction(work: Callable[[], Answer]) -> Answer:
    """Do a unit of work and commit it; once more when it and another waited for each other.

    Only for work that leaves nothing behind but what is rolled back.
    """
    try:
        with transaction():
            return work()
    except (DBAPIError, psycopg.Error) as error:
        if not is_deadlock(error):
            raise
    with transaction():
        return work()


def is_deadlock(error: BaseException) -> bool:
    """Whether two units of work waited for each other and this one was ended: it may be done again."""
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None) == DEADLOCK


def fetch(statement: TextClause, **asked: object) -> CursorResult[*tuple[Any, ...]]:
    """Rows of our own SQL. What was changed in this unit of work is written first, as a select() has it by itself."""
    db.session.flush()
    rows: CursorResult[*tuple[Any, ...]] = db.session.connection().execute(statement, asked)
    return rows


def driver_connection() -> "Connection[Any]":
    """The psycopg connection under this unit of work, in the same transaction: for COPY and NOTIFY."""
    raw = db.session.connection().connection.driver_connection
    assert isinstance(raw, Connection)
    return raw


def plain_dsn(url: str) -> str:
    """The same database as psycopg itself writes it, from an SQLAlchemy url."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def separate_connection() -> "Iterator[Connection[Any]]":
    """A connection outside the pool and outside this unit of work, closed at the end; the user commits."""
    url: str = current_app.config["SQLALCHEMY_DATABASE_URI"]
    connection = psycopg.connect(plain_dsn(url), connect_timeout=5, application_name="alongside-apart")
    try:
        yield connection
    finally:
        connection.close()


def database_app(config: Config, *, pool_size: int = 5, name: str = "alongside") -> Flask:
    """A Flask app that only carries the database, for processes that serve no HTTP (gateway, worker)."""
    app = Flask("backend")
    configure_database(app, config, pool_size=pool_size, name=name)
    return app


def configure_database(
    app: Flask, config: Config, *, pool_size: int = 5, overflow: int | None = None, name: str = "alongside"
) -> None:
    """Bind the database to an app; `name` is what PostgreSQL shows in pg_stat_activity.

    `overflow` is how many connections are made beyond the pool, by default as many again. Each is closed after its
    use, and a new one has everything to learn anew, so where many ask at once it is better to wait for one.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["MESSAGING"] = config.messaging
    app.config["PUBLIC_URL"] = config.public_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": pool_size,
        "max_overflow": pool_size if overflow is None else overflow,
        "pool_pre_ping": True,
        # A statement that fails names its parameters otherwise, and those are people's values.
        "hide_parameters": True,
        "connect_args": {
            "application_name": name,
            "connect_timeout": 5,
            # A transaction forgotten open would hold back vacuum and locks; ended after a minute.
            "options": "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
    }
    db.init_app(app)
    # Foreign keys across slices are strings: every table has to be known before the first row is written.
    for _ in slices("models"):
        pass
