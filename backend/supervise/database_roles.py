"""Makes our database and a login role for each process on any PostgreSQL, so each can do only its part."""

from __future__ import annotations

import psycopg
from psycopg import sql
from sqlalchemy import make_url

DATABASE = "alongside"
OWNER = "al_migrate"
ROLES = (OWNER, "al_app", "al_gateway", "al_worker")
OLDEST = 150000  # PostgreSQL 15: the public schema is closed and unique indexes know NULLS NOT DISTINCT


def prepare(admin_url: str, passwords: dict[str, str]) -> None:
    """Create what is missing and set every role's password; doing it twice does no harm.

    Raises RuntimeError when the server is older than PostgreSQL 15.
    """
    plain = make_url(admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
        if connection.info.server_version < OLDEST:
            raise RuntimeError(
                f"PostgreSQL 15 or newer is needed, this is {connection.info.server_version // 10000}"
            )
        for role in ROLES:
            _role(connection, role, passwords[role])
        _database(connection)


def _role(connection: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
    if known is None:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    # The server is told only the verifier: a password never stands in a statement that could be logged.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("alter role {} login nosuperuser nocreatedb nocreaterole password {}").format(
            sql.Identifier(role), sql.Literal(verifier)
        )
    )


def _database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    name, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
    if connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
        # On a server where we are not superuser, giving a database away needs membership of the role.
        connection.execute(sql.SQL("grant {} to current_user").format(owner))
        connection.execute(
            sql.SQL("create database {} owner {} encoding 'UTF8' template template0").format(name, owner)
        )
    connection.execute(sql.SQL("revoke connect, temporary on database {} from public").format(name))
    for role in ROLES:
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(name, sql.Identifier(role))
        )
