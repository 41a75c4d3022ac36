"""Gets Debian packages: by apt as root, or downloaded and unpacked into a folder of ours as anybody else."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")


def install(*names: str) -> None:
    """Install packages with apt, as root, without letting Debian start or enable a service of theirs.

    Raises RuntimeError with apt's last words when it fails.
    """
    own_policy = not POLICY.exists()
    if own_policy:
        # Debian asks this file before it starts a service: 101 means "not now".
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        try:
            _apt(["install", "-y", "--no-install-recommends", *names])
        except RuntimeError:
            _apt(["update"])
            _apt(["install", "-y", "--no-install-recommends", *names])
    finally:
        if own_policy:
            POLICY.unlink()
    if "mosquitto" in names:
        _keep_service_off("mosquitto.service")


def _keep_service_off(unit: str) -> None:
    # We only come here when we installed it ourselves: nobody's own running broker is touched.
    units = Path("/etc/systemd/system")
    if units.is_dir() and not (units / unit).exists():
        (units / unit).symlink_to("/dev/null")


def unpack(root: Path, *names: str) -> None:
    """Download packages with what they need and unpack them into ``root``, as an ordinary user.

    apt checks every signature and checksum as always. The lists are the machine's if it has any,
    else our own.
    """
    cache = root / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (cache / folder).mkdir(parents=True, exist_ok=True)
    own = [
        "-o", f"Dir::Cache={cache}/cache",
        "-o", "Dir::State::status=/var/lib/dpkg/status",
        "-o", "Debug::NoLocking=1",
        "-o", "APT::Sandbox::User=",
        "-o", "Acquire::Languages=none",
    ]  # fmt: skip
    own_lists = ["-o", f"Dir::State={cache}/state", "-o", f"Dir::State::lists={cache}/state/lists"]
    wanted = ["install", "-y", "--no-install-recommends", "--download-only", *names]
    try:
        _apt([*own, *wanted])
    except RuntimeError:
        _apt([*own, *own_lists, "update"])
        _apt([*own, *own_lists, *wanted])
    for package in sorted((cache / "cache/archives").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(root)], check=True, capture_output=True)
        package.unlink()


def library_path(root: Path) -> str:
    """Return LD_LIBRARY_PATH for programs unpacked into ``root``."""
    triplet = f"{platform.machine()}-linux-gnu"
    return ":".join(
        str(root / folder) for folder in (f"usr/lib/{triplet}", f"lib/{triplet}", "usr/lib", "lib")
    )


def wrapper(root: Path, name: str, program: Path) -> Path:
    """Write and return a one-line starter that gives an unpacked program its libraries and fonts."""
    starter = root / "bin" / name
    starter.parent.mkdir(exist_ok=True)
    fonts = root / "etc/fonts"
    lines = ["#!/bin/sh", f"export LD_LIBRARY_PATH='{library_path(root)}'"]
    if fonts.is_dir() and not Path("/etc/fonts/fonts.conf").exists():
        lines.append(f"export FONTCONFIG_PATH='{fonts}' FONTCONFIG_SYSROOT='{root}'")
    lines.append(f'exec "{program}" "$@"')
    starter.write_text("\n".join(lines) + "\n")
    starter.chmod(0o755)
    return starter


def _apt(words: list[str]) -> None:
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "apt-get", "-q"]
    done = subprocess.run([*quietly, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"apt-get {words[-1]}: {done.stderr.strip()[-800:]}")
