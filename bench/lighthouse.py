"""Lighthouse's view of the person's first page on a phone: medians of three runs for speed, the lowest for the rest."""

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from backend.supervise.debian import chromium
from bench.browser import a_demo
from bench.report import Measure
from tests.running import Running

RUNS = 3
STORY_S = 180
FOLDER = Path(__file__).parent / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")


def measure() -> list[Measure]:
    """Install Lighthouse from its lock file, start a demo, and look at `today` as its person, RUNS times."""
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    with a_demo() as running:
        cookie = _cookie(running)
        _wait_for_story(running.url, cookie, running.patient("demo-person"))
        with tempfile.TemporaryDirectory() as folder:
            seen = [_look(running.url, cookie, Path(folder)) for _ in range(RUNS)]
    scores = {name: [round(one["categories"][name]["score"] * 100) for one in seen] for name in CATEGORIES}

    def audit(name: str) -> list[float]:
        return [round(one["audits"][name]["numericValue"], 3) for one in seen]

    lcp, tbt, cls = (
        audit("largest-contentful-paint"),
        audit("total-blocking-time"),
        audit("cumulative-layout-shift"),
    )
    version = f"Lighthouse {seen[0]['lighthouseVersion']}"
    return [
        Measure("Lighthouse mobile, today: performance", min(scores["performance"]), "of 100", ">= 95",
                scores["performance"], version),
        Measure("Lighthouse mobile, today: accessibility", min(scores["accessibility"]), "of 100", ">= 100",
                scores["accessibility"]),
        Measure("Lighthouse mobile, today: best practices", min(scores["best-practices"]), "of 100", ">= 100",
                scores["best-practices"]),
        Measure("Lighthouse mobile, today: LCP, median", statistics.median(lcp), "ms", "<= 1500", lcp),
        Measure("Lighthouse mobile, today: TBT, median", statistics.median(tbt), "ms", "<= 100", tbt),
        Measure("Lighthouse mobile, today: CLS, highest", max(cls), "", "<= 0", cls),
    ]  # fmt: skip


def _cookie(running: Running) -> str:
    body = json.dumps({"username": "demo-person", "password": running.password("demo-person")}).encode()
    headers = {"Content-Type": "application/json", "Origin": running.url}
    with urlopen(Request(f"{running.url}/api/v1/session", body, headers)) as answer:
        return str(answer.headers["Set-Cookie"]).split(";")[0]


def _wait_for_story(url: str, cookie: str, patient: str) -> None:
    """Wait for the alarm that the demo's story begins with: it moves the page it comes to, as an alarm must."""
    end = time.monotonic() + STORY_S
    while time.monotonic() < end:
        with urlopen(Request(f"{url}/api/v1/patients/{patient}/home", headers={"Cookie": cookie})) as answer:
            if json.load(answer)["advice"]:
                return
        time.sleep(1)
    raise RuntimeError(f"The demo's person had no alarm within {STORY_S} s")


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
            f"--only-categories={','.join(CATEGORIES)}",
        ],
        check=True, env={**os.environ, "CHROME_PATH": str(chromium().program)},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(report.read_text())
    if found["finalDisplayedUrl"].rstrip("/") != url:
        raise RuntimeError(f"Lighthouse was sent to {found['finalDisplayedUrl']}: it was not signed in")
    return found
