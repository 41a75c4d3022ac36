"""Takes a home into one file and back, with what devices sign in with: a database alone would lock them out."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, LiteralString

import psycopg

from backend import migrations
from backend.core import clock
from backend.core.config import Surroundings
from backend.core.db import plain_dsn
from backend.supervise.account import give, private_folder, service_account
from backend.supervise.home import Home
from backend.supervise.postgres import Postgres
from backend.supervise.steps import say, step

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
# The accounts of every device and the authority they trust. Without them each would have to be claimed anew.
BROKER = ("dynamic-security.json", "ca.crt", "ca.key", "server.crt", "server.key")
# Our own passwords, and what a demo keeps beside its database.
BESIDE = ("secrets.json", "demo.json", "canary.json", "fleet.json")
COUNTS: dict[str, LiteralString] = {
    "stored": "select count(*) from message_key",
    "devices": "select count(*) from device",
    "patients": "select count(*) from patient",
}


class NotABackupError(RuntimeError):
    """The file is not whole, or not one of ours."""


def back_up(home_path: Path, target: Path) -> dict[str, Any]:
    """Write one private file with everything of a home that runs; answers its manifest.

    The database is dumped as of one moment, then the broker's accounts are copied. Messages on their way are
    not in it: what was not receipted is still in the device. Raises RuntimeError in words when the home does
    not run or a part cannot be read; a file that stands under that name is replaced only by a whole one.
    """
    home = Home(home_path)
    run = home.read()
    if run is None or not home.is_running():
        raise RuntimeError(f"nothing runs in {home.path}: start it with `alongside up`, then back it up")
    postgres = Postgres(home.path, Surroundings.from_environ().admin_url)
    postgres.attach(run.ports.get("postgres", 0))
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, tempfile.TemporaryDirectory(dir=target.parent) as folder:
            manifest = _write(home, postgres, Path(folder) / DUMP, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def restore(source: Path, home_path: Path) -> dict[str, Any]:
    """Make a home from a backup, ready for `alongside up`; answers the backup's manifest.

    Raises NotABackupError for a file that is damaged or not ours, and RuntimeError when the home holds data
    already: nothing is ever written over.
    """
    home = Home(home_path)
    with _opened(source) as (members, manifest):
        taken = [name for name in ("postgres", "mosquitto", "secrets.json") if (home.path / name).exists()]
        if taken:
            raise RuntimeError(f"{home.path} holds data already ({', '.join(taken)}): name an empty --home")
        home.make()
        if not home.claim():
            raise RuntimeError(f"Alongside runs in {home.path}: name another --home")
        try:
            with step("Passwords and the broker's accounts"):
                _place_files(home.path, members)
            _load(home.path, members[DUMP], manifest)
        except BaseException:
            home.forget()
            raise
        finally:
            home.release()
    return manifest


def _write(home: Home, postgres: Postgres, dump: Path, out: IO[bytes]) -> dict[str, Any]:
    with step("Database"), psycopg.connect(plain_dsn(postgres.admin_url("alongside"))) as connection:
        # One snapshot for the dump and for what it is checked against, or a reading between would look lost.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = _only(connection, "select pg_export_snapshot()")
        counts = _counts(connection)
        _client(postgres, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}")
    files = {DUMP: dump}
    files |= {f"mosquitto/{name}": home.path / "mosquitto" / name for name in BROKER}
    files |= {name: home.path / name for name in BESIDE}
    there = {name: path for name, path in files.items() if path.exists()}
    if f"mosquitto/{BROKER[0]}" not in there:
        say("The broker is not ours (MQTT_URL): its accounts are not in this backup, back them up there.")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "counts": counts,
        "sha256": {name: _sha256(path) for name, path in there.items()},
    }
    with step("One file of it"), tarfile.open(fileobj=out, mode="w") as tar:
        # First, so that a reader knows what to expect before the large part comes.
        _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
        for name, path in there.items():
            tar.add(path, arcname=name, filter=_plain)
    return manifest


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = _plain(tarfile.TarInfo(name))
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


@contextmanager
def _opened(source: Path) -> Iterator[tuple[dict[str, Path], dict[str, Any]]]:
    """The members of a backup, unpacked in a private folder and checked against its manifest."""
    with tempfile.TemporaryDirectory(prefix="alongside-restore-") as unpacked:
        folder = Path(unpacked)
        try:
            with tarfile.open(source) as tar:
                _unpack(tar, folder)
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            wanted: dict[str, str] = manifest["sha256"]
        except (tarfile.TarError, OSError, ValueError, KeyError) as trouble:
            raise NotABackupError(f"{source} is not a whole backup of Alongside: {trouble}") from trouble
        if manifest.get("format") != FORMAT:
            raise NotABackupError(
                f"{source} has format {manifest.get('format')}, this version reads {FORMAT}"
            )
        for name, digest in wanted.items():
            if not (folder / name).is_file() or _sha256(folder / name) != digest:
                raise NotABackupError(f"{source} is damaged: {name} is not what was written")
        yield {name: folder / name for name in wanted}, manifest


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """The members we write and no other, by their own names: a path out of the folder is none of them."""
    known = {MANIFEST, DUMP, *BESIDE, *(f"mosquitto/{name}" for name in BROKER)}
    for member in tar:
        if member.name not in known or not member.isreg():
            raise ValueError(f"it holds something that no backup of ours does ({member.name[:100]})")
        source, place = tar.extractfile(member), folder / member.name
        assert source is not None
        place.parent.mkdir(mode=0o700, exist_ok=True)
        with source, place.open("wb") as out:
            shutil.copyfileobj(source, out)


def _place_files(home: Path, members: dict[str, Path]) -> None:
    account = service_account()
    folder = private_folder(home, "mosquitto", account)
    for name, path in members.items():
        if name == DUMP:
            continue
        is_brokers = name.startswith("mosquitto/")
        place = folder / path.name if is_brokers else home / name
        place.touch(mode=0o600)
        place.write_bytes(path.read_bytes())
        if is_brokers and path.name != "ca.key":
            give(place, account, 0o600)


def _load(home: Path, dump: Path, manifest: dict[str, Any]) -> None:
    """The dump into a new database: our roles are made first, since its grants name them."""
    postgres = Postgres(home, Surroundings.from_environ().admin_url)
    try:
        with step("PostgreSQL"):
            postgres.start()
        with psycopg.connect(plain_dsn(postgres.admin_url("alongside")), autocommit=True) as connection:
            if _only(connection, "select to_regclass('public.patient') is not null"):
                raise RuntimeError("the database that DATABASE_URL names holds data already")
        with step("Database"):
            _client(postgres, "pg_restore", "--exit-on-error", "--single-transaction", str(dump))
        with step("Database tables"):
            migrations.upgrade(postgres.url("al_migrate"))
        with psycopg.connect(plain_dsn(postgres.admin_url("alongside"))) as connection:
            found = _counts(connection)
        if found != manifest["counts"]:
            raise NotABackupError(
                f"the restored database counts {found}, the backup said {manifest['counts']}"
            )
    finally:
        postgres.stop()


def _client(postgres: Postgres, program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs as the superuser; the password goes by the environment."""
    url = psycopg.conninfo.conninfo_to_dict(plain_dsn(postgres.admin_url("alongside")))
    environment = {
        "PATH": Surroundings.from_environ().path, "PGPASSWORD": str(url.get("password", "")), "LC_ALL": "C.UTF-8",
        "PGHOST": str(url.get("host", "")), "PGPORT": str(url.get("port", 5432)), "PGUSER": str(url["user"]),
    }  # fmt: skip
    argv = [str(postgres.binaries() / program), "--dbname=alongside", *words]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    return {name: int(_only(connection, query)) for name, query in COUNTS.items()}


def _only(connection: psycopg.Connection[Any], query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
