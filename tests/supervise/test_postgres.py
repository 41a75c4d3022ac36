"""Proves that our database server comes back after a crash and lets each process do only its part."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from backend.supervise.database_roles import ROLES
from backend.supervise.health import plain
from backend.supervise.postgres import Postgres
from backend.supervise.process import wait_gone


@pytest.fixture
def server(real_home: Path) -> Postgres:
    """A second server, so that killing it disturbs no other test; its home is inside the first one's."""
    home = real_home / "crash"
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    return Postgres(home)


def test_a_killed_server_starts_again_on_the_same_data_and_port(server: Postgres) -> None:
    server.start()
    try:
        with psycopg.connect(plain(server.url("al_migrate"))) as connection:
            connection.execute("create table kept (n int)")
            connection.execute("insert into kept values (7)")
        before, port = server.pid, server.port
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert wait_gone(before, 60)
        server.start()
        assert server.port == port
        with psycopg.connect(plain(server.url("al_migrate"))) as connection:
            assert connection.execute("select n from kept").fetchone() == (7,)
    finally:
        server.stop()
    assert server.pid is None


def test_a_server_left_by_a_dead_supervisor_is_stopped_and_replaced(server: Postgres) -> None:
    server.start()
    left = server.pid
    second = Postgres(server.home)
    second.start()
    try:
        assert left is not None
        assert wait_gone(left, 60)
        assert second.pid not in (None, left)
    finally:
        second.stop()
        server.stop()


def test_a_lock_file_naming_an_unrelated_process_does_not_stop_the_start(server: Postgres) -> None:
    server.start()
    server.stop()
    lock = server.home / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n")
    server.start()
    assert server.pid is not None
    server.stop()


def test_the_data_folder_is_closed_to_others_and_passwords_are_kept_privately(
    postgres_server: Postgres,
) -> None:
    home = postgres_server.home
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600


def test_every_role_signs_in_with_its_own_password_and_no_other(postgres_server: Postgres) -> None:
    for role in ROLES:
        with psycopg.connect(plain(postgres_server.url(role))) as connection:
            assert connection.execute("select current_user").fetchone() == (role,)
    wrong = plain(postgres_server.url("al_app")).replace("al_app", "al_migrate", 1)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_server_promises_what_a_receipt_says(postgres_server: Postgres) -> None:
    asked = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "password_encryption")
    with psycopg.connect(plain(postgres_server.admin_url())) as connection:
        told = [connection.execute("select current_setting(%s)", (name,)).fetchone() for name in asked]
    assert [row[0] for row in told if row] == ["on", "on", "on", "on", "scram-sha-256"]


def test_a_process_cannot_make_tables_only_the_owner_can(postgres_server: Postgres) -> None:
    with (
        psycopg.connect(plain(postgres_server.url("al_app"))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("create table public.mine (n int)")


def test_a_server_named_from_outside_gets_our_roles_and_is_left_running(
    postgres_server: Postgres, tmp_path: Path
) -> None:
    named = Postgres(tmp_path, admin_url=plain(postgres_server.admin_url()))
    passwords = postgres_server.url("al_app")
    try:
        named.start()
        with psycopg.connect(plain(named.url("al_app"))) as connection:
            assert connection.execute("select current_user").fetchone() == ("al_app",)
        named.stop()
        assert postgres_server.pid is not None
    finally:
        # The roles belong to the server, so the other home has to set its own passwords again.
        postgres_server.set_passwords()
    with psycopg.connect(plain(passwords)):
        pass
