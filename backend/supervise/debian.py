"""Finds or fetches the two programs that come from Debian, Mosquitto and Chromium, as root or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from backend.core.config import Surroundings
from backend.supervise import packages

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PLUGIN = "mosquitto_dynamic_security.so"


@dataclass(frozen=True)
class Found:
    """A broker ready to run: server, plugin, client program, environment, how it was found."""

    server: Path
    plugin: Path
    publish: Path | None
    environment: Mapping[str, str]
    way: str


class FoundBrowser(NamedTuple):
    """A Chromium: the program to start, and how it was found in one line."""

    program: Path
    way: str


def tools_folder() -> Path:
    """Return where unpacked Debian packages are kept: shared by every home of this checkout."""
    return Surroundings.from_environ().tools


def mosquitto() -> Found:
    """Return Mosquitto from the PATH, from Debian by apt (root), or unpacked beside our data (anybody else).

    Raises RuntimeError saying what to do when none of the three works.
    """
    found = _on_path("on the PATH") or _unpacked(tools_folder())
    if found is not None:
        return found
    if os.geteuid() == 0:
        packages.install("mosquitto", "mosquitto-clients")
        found = _on_path("installed by apt")
    else:
        packages.unpack(tools_folder(), "mosquitto", "mosquitto-clients")
        found = _unpacked(tools_folder())
    if found is None:
        raise RuntimeError(
            "Mosquitto cannot be found or fetched: install Debian's package 'mosquitto', or set MQTT_URL"
        )
    return found


def chromium() -> FoundBrowser:
    """Return a Chromium and how it was found; raises RuntimeError when there is none."""
    return _browser("chromium", ("chromium", "chromium-browser", "google-chrome"))


def headless_chromium() -> FoundBrowser:
    """Return Debian's Chromium without the parts that draw its own windows: half the cost for a page in a test.

    It cannot install an app. Raises RuntimeError when there is none.
    """
    return _browser("chromium-headless-shell", ("chromium-headless-shell",))


def _browser(package: str, names: tuple[str, ...]) -> FoundBrowser:
    named = Surroundings.from_environ().chromium
    if named is not None:
        return FoundBrowser(named, f"Chromium: {named} (named by CHROMIUM)")
    for name in names:
        there = shutil.which(name, path=_path())
        if there:
            return FoundBrowser(Path(there), f"Chromium: {there} (on the PATH)")
    if os.geteuid() == 0:
        packages.install(package, "fonts-dejavu-core")
        return FoundBrowser(Path(f"/usr/bin/{package}"), f"Chromium: /usr/bin/{package} (installed by apt)")
    root = tools_folder()
    program = root / "usr/lib/chromium" / package
    if not program.exists():
        packages.unpack(root, package, "fonts-dejavu-core")
    if not program.exists():
        raise RuntimeError(
            f"Chromium cannot be found or fetched: install Debian's package '{package}', or set CHROMIUM"
        )
    started_by = packages.wrapper(root, package, program)
    return FoundBrowser(started_by, f"Chromium: {started_by} (unpacked from Debian's packages)")


def _path() -> str:
    # A login without /usr/sbin on its PATH, usual for an ordinary user, still has Debian's Mosquitto.
    return f"{Surroundings.from_environ().path}:{SYSTEM_PATH}"


def _on_path(how: str) -> Found | None:
    server = shutil.which("mosquitto", path=_path())
    if server is None:
        return None
    plugin = _plugin(Path("/"))
    if plugin is None:
        return None
    publish = shutil.which("mosquitto_pub", path=_path())
    return Found(
        Path(server), plugin, Path(publish) if publish else None, {"PATH": SYSTEM_PATH},
        f"Mosquitto: {server} ({how})",
    )  # fmt: skip


def _unpacked(root: Path) -> Found | None:
    server, plugin = root / "usr/sbin/mosquitto", _plugin(root)
    if not server.exists() or plugin is None:
        return None
    environment = {"PATH": SYSTEM_PATH, "LD_LIBRARY_PATH": packages.library_path(root)}
    publish = packages.wrapper(root, "mosquitto_pub", root / "usr/bin/mosquitto_pub")
    return Found(
        server, plugin, publish, environment, f"Mosquitto: {server} (unpacked from Debian's packages)"
    )


def _plugin(root: Path) -> Path | None:
    triplet = sysconfig.get_config_var("MULTIARCH") or _debian_triplet()
    for folder in (f"usr/lib/{triplet}", "usr/lib", "usr/local/lib"):
        if (root / folder / PLUGIN).exists():
            return root / folder / PLUGIN
    return None


def _debian_triplet() -> str:
    asked = subprocess.run(
        ["dpkg-architecture", "-qDEB_HOST_MULTIARCH"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or f"{os.uname().machine}-linux-gnu"
