"""The real database under every test: migrated once a worker, rolled back after each test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from backend.app import create_app
from backend.core.config import Config
from backend.core.db import db, plain_dsn
from backend.core.live import hub
from backend.migrations import upgrade
from backend.supervise.postgres import Postgres
from tests.browsing import BASE_URL, Browser
from tests.factories import Factory

pytest_plugins = ["tests.real_parts", "tests.sharing", "tests.figures"]

TEMPLATE = "alongside_template"

# How long an example takes says something of the machine and nothing of the product: no test fails by it.
settings.register_profile(
    "any-machine", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


@dataclass(frozen=True)
class Database:
    """A migrated database: its name and the url of each of our roles."""

    server: Postgres
    name: str

    def url(self, role: str = "al_app") -> str:
        """The SQLAlchemy url of a role of ours."""
        return make_url(self.server.url(role)).set(database=self.name).render_as_string(hide_password=False)

    def config(self, home: Path, **other: object) -> Config:
        """What a web process on this database is told."""
        values: dict[str, object] = {
            "home": home, "database_url": self.url(), "mqtt_url": None, "mqtt_control_url": None,
            "public_url": BASE_URL, "demo": False, "pwa_dist": home / "no-pages",
            "outbox_key": "a-seed-for-tests",
        }  # fmt: skip
        return Config(**(values | other))  # type: ignore[arg-type]  # the test names fields of Config


@pytest.fixture(scope="session")
def database(postgres_server: Postgres) -> Database:
    """The worker's database, migrated; a template is kept for tests that need one of their own."""
    upgrade(postgres_server.url("al_migrate"))
    made = Database(postgres_server, make_url(postgres_server.url("al_app")).database or "")
    with psycopg.connect(plain_dsn(postgres_server.admin_url()), autocommit=True) as admin:
        admin.execute(f"drop database if exists {TEMPLATE}")
        admin.execute(f"create database {TEMPLATE} template {made.name} owner al_migrate")
    return made


@pytest.fixture
def flow_database(database: Database) -> Iterator[Database]:
    """A database of this test's own, for tests with several processes or NOTIFY; dropped at the end."""
    name = f"flow_{uuid4().hex[:12]}"
    with psycopg.connect(plain_dsn(database.server.admin_url()), autocommit=True) as admin:
        admin.execute(f"create database {name} template {TEMPLATE} owner al_migrate")
        yield Database(database.server, name)
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    """One line to the worker's database, kept from test to test: a new one costs more than most tests ask of it."""
    # One that a test cut is found dead by the ping, and the next test has a new one.
    made = create_engine(
        database.url(), pool_size=1, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"}
    )

    @event.listens_for(made, "reset")
    def forget(line: psycopg.Connection, *_: object) -> None:
        """A rollback undoes all but what belongs to the session: locks, listening, settings."""
        line.rollback()
        line.execute("reset all; reset role; unlisten *; select pg_advisory_unlock_all()")
        line.commit()

    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """The one connection of this test, in a transaction that is rolled back at the end."""
    with engine.connect() as opened:
        outer = opened.begin()
        # What waits for the commit would never come about: nothing of a test is committed.
        opened.exec_driver_sql("set constraints all immediate")
        # Inside a savepoint a session makes savepoints of its own, so its commits and rollbacks stay within.
        opened.begin_nested()
        yield opened
        outer.rollback()


@pytest.fixture
def in_this_test(connection: Connection) -> Iterator[Callable[[Flask], Flask]]:
    """Make any app of ours (web, or a gateway's or worker's database app) use this test's transaction."""
    bound: list[Flask] = []

    def bind(app: Flask) -> Flask:
        engines = db._app_engines[app]
        app.extensions["own-engine"] = app.extensions.get("own-engine", engines[None])
        engines[None] = connection  # type: ignore[assignment]  # a session binds to either
        bound.append(app)
        return app

    yield bind
    for app in bound:
        db._app_engines[app][None] = app.extensions["own-engine"]


@pytest.fixture(scope="session")
def web_app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web app, made once; a test asks for `app`."""
    app = create_app(database.config(tmp_path_factory.mktemp("home")))
    yield app
    with app.app_context():
        hub().stop()


@pytest.fixture
def app(web_app: Flask, in_this_test: Callable[[Flask], Flask]) -> Flask:
    """The web app inside this test's transaction. Nothing is pushed: each unit of work makes its own."""
    return in_this_test(web_app)


@pytest.fixture
def make(app: Flask) -> Factory:
    """Builders of people, teams and kit (tests/factories.py)."""
    return Factory(app)


@pytest.fixture
def browse(app: Flask) -> Callable[..., Browser]:
    """`browse()` is a signed-out browser; `browse("user", "team")` one that has signed in."""

    def opened(username: str | None = None, audience: str = "person") -> Browser:
        browser = Browser(app, audience)
        if username is not None:
            answer = browser.sign_in(username)
            assert answer.status_code == 200, answer.get_data(as_text=True)
        return browser

    return opened
