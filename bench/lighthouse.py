"""Lighthouse's view of the person's first page on a phone, the lowest of three runs."""

import json
import os
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from backend.supervise.debian import chromium
from bench.report import Measure
from tests.running import Running, start_demo

RUNS = 3
FOLDER = Path(__file__).parent / "lighthouse"


def measure() -> list[Measure]:
    """Install Lighthouse from its lock file, start a demo, and look at `today` as its person, RUNS times."""
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    home = Path(tempfile.mkdtemp(prefix="alongside-lighthouse-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    running = start_demo(home, port)
    try:
        cookie = _cookie(running)
        seen = [_look(running.url, cookie, home) for _ in range(RUNS)]
    finally:
        running.stop()
    performance = [round(one["categories"]["performance"]["score"] * 100) for one in seen]
    access = [round(one["categories"]["accessibility"]["score"] * 100) for one in seen]
    lcp = [round(one["audits"]["largest-contentful-paint"]["numericValue"]) for one in seen]
    return [
        Measure("Lighthouse mobile, today: performance", min(performance), "of 100", ">= 95", performance,
                f"Lighthouse {seen[0]['lighthouseVersion']}; LCP {lcp} ms"),
        Measure("Lighthouse mobile, today: accessibility", min(access), "of 100", ">= 100", access),
    ]  # fmt: skip


def _cookie(running: Running) -> str:
    body = json.dumps({"username": "demo-person", "password": running.password("demo-person")}).encode()
    headers = {"Content-Type": "application/json", "Origin": running.url}
    with urlopen(Request(f"{running.url}/api/v1/session", body, headers)) as answer:
        return str(answer.headers["Set-Cookie"]).split(";")[0]


def _look(url: str, cookie: str, home: Path) -> dict[str, Any]:
    report = home / "lighthouse.json"
    extra = home / "headers.json"
    extra.write_text(json.dumps({"Cookie": cookie}))
    flags = "--headless=new --disable-gpu --disable-background-networking" + (
        " --no-sandbox" if os.geteuid() == 0 else ""
    )
    subprocess.run(
        [
            str(FOLDER / "node_modules/.bin/lighthouse"), f"{url}/", "--quiet", "--output=json",
            f"--output-path={report}", f"--extra-headers={extra}", f"--chrome-flags={flags}",
            "--only-categories=performance,accessibility",
        ],
        check=True, env={**os.environ, "CHROME_PATH": str(chromium().program)},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(report.read_text())
    if found["finalDisplayedUrl"].rstrip("/") != url:
        raise RuntimeError(f"Lighthouse was sent to {found['finalDisplayedUrl']}: it was not signed in")
    return found
