"""Gives servers an ordinary account when we are root, since PostgreSQL refuses root and a broker should."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "alongside"
SHARED = Path("/var/lib/alongside")


@dataclass(frozen=True)
class Account:
    """A system account a server runs as: its name and numbers."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """Return the account for servers when we are root (made if missing), or None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in (NAME, "nobody"):
        if name == NAME and not _exists(NAME):
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
                check=False,
                capture_output=True,
            )
        if _exists(name):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError("no system account to run servers as: neither 'alongside' nor 'nobody' exists")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def can_reach(folder: Path, account: Account | None) -> bool:
    """Say whether the account may walk to ``folder``; root's own home (0700) is the usual reason why not."""
    if account is None:
        return True
    for step in [folder, *folder.parents]:
        facts = step.stat()
        if facts.st_uid == account.uid:
            allowed = facts.st_mode & stat.S_IXUSR
        elif facts.st_gid == account.gid:
            allowed = facts.st_mode & stat.S_IXGRP
        else:
            allowed = facts.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def private_folder(home: Path, name: str, account: Account | None) -> Path:
    """Return HOME/name, mode 0700 and owned by the account that uses it.

    Where the account cannot walk to HOME the folder lives in /var/lib/alongside and HOME/name is a link
    to it: opening root's home to everybody would be the worse choice.
    """
    shown = home / name
    folder = shown
    if not can_reach(home, account):
        folder = SHARED / _mark(home) / name
        if not shown.is_symlink():
            if folder.exists():  # left by an earlier home of this name that somebody deleted
                shutil.rmtree(folder)
            shown.symlink_to(folder)
        SHARED.mkdir(mode=0o711, exist_ok=True)
        folder.parent.mkdir(mode=0o711, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def readable_copy(parent: Path, names: tuple[str, ...], account: Account | None) -> Path:
    """Return ``parent``, or a folder in /var/lib/alongside with copies of these parts of it.

    The copy is made when the account cannot walk to ``parent``, a virtual environment in root's home for one.
    """
    if can_reach(parent / names[0], account):
        return parent
    SHARED.mkdir(mode=0o711, exist_ok=True)
    made = int((parent / names[0]).stat().st_mtime)
    copy = SHARED / f"{names[0]}-{_mark(parent)}-{made}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        for name in names:
            shutil.copytree(parent / name, partial / name, symlinks=True)
        try:
            partial.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(partial)
    return copy


def give(path: Path, account: Account | None, mode: int) -> None:
    """Hand a file to the account that reads it."""
    path.chmod(mode)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
