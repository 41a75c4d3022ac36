"""The migrations and the models tell one story, and each process's role can do its part and no more."""

import re
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.schema import SchemaItem

from backend import plugs
from backend.core.db import db, plain_dsn
from backend.migrations import upgrade
from tests.conftest import Database

# Defaults, indexes and checks live in the migrations alone; the models say names, types and nullability.
_NOT_COMPARED = ("index", "unique_constraint", "foreign_key_constraint")
_PARTITION = re.compile(r"_\d{6}$")


def _compared(_: SchemaItem, name: str | None, kind: str, __: bool, ___: SchemaItem | None) -> bool:
    return kind not in _NOT_COMPARED and not (kind == "table" and _PARTITION.search(name or ""))


def _known(difference: Any) -> bool:
    """A model may leave out a column only the database sets; text and int sizes are told apart by use."""
    if isinstance(difference, list):
        return all(_known(one) for one in difference)
    if difference[0] == "remove_column":
        return bool(difference[3].server_default is not None)
    if difference[0] == "remove_table":
        return difference[1].name in ("audit_head", "alembic_version", "canary", "canary_run")
    return difference[0] == "modify_type" and str(difference[6]).upper() in (
        "INTEGER",
        "TEXT",
        "BIGINT",
        "NUMERIC",
    )


def test_the_models_are_what_the_migrations_made(database: Database) -> None:
    for _ in plugs.slices("models"):
        pass
    engine = create_engine(database.url("al_migrate"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _compared})
        found = [one for one in compare_metadata(context, db.metadata) if not _known(one)]
    engine.dispose()
    assert found == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    upgrade(database.url("al_migrate"))


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("al_app", "update audit_event set outcome = 'failed'"),
        ("al_app", "delete from audit_event"),
        ("al_app", "insert into audit_head values (9, 0, '')"),
        ("al_app", "delete from observation"),
        ("al_app", "update observation set value = 0"),
        ("al_app", "drop table patient"),
        ("al_app", "select * from alembic_version"),
        ("al_gateway", "select * from account"),
        ("al_gateway", "select * from sign_in_session"),
        ("al_worker", "select * from account"),
        ("al_worker", "update device_message set payload = ''"),
    ],
)
def test_a_process_may_not_do_what_is_not_its_part(database: Database, role: str, statement: str) -> None:
    with (
        psycopg.connect(plain_dsn(database.url(role))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_an_edited_or_shortened_audit_trail_is_found(flow_database: Database) -> None:
    with psycopg.connect(plain_dsn(flow_database.url())) as app:
        for outcome in ("success", "refused", "success"):
            app.execute(
                "select audit_append('patient', null, null, 'PATRQT', 'read', 'patient', 'x', %s, '{}')",
                (outcome,),
            )
    with psycopg.connect(plain_dsn(flow_database.url("al_migrate"))) as owner:
        assert owner.execute("select * from audit_broken()").fetchall() == []
        for tampering in (
            "update audit_event set outcome = 'success' where seq = 2",
            "delete from audit_event where seq = 2",
            "delete from audit_event where seq = 3",
        ):
            owner.execute(tampering)
            assert owner.execute("select * from audit_broken()").fetchall() != [], tampering
            owner.rollback()
