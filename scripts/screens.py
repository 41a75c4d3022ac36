"""Takes the pictures of docs/screens from a running demo, so that what the README shows is what is built."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from backend.supervise.debian import chromium

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
# What is taken: name, path, who is signed in.
SCREENS = [
    ("sign-in", "/sign-in", None),
    ("today", "/", "demo-person"),
    ("readings", "/readings", "demo-person"),
    ("readings-oxygen", "/readings/spo2", "demo-person"),
    ("help", "/help", None),
    ("triage", "/team", "demo-nurse"),
    ("quarantine", "/team/quarantine", "demo-nurse"),
]


def signed_in(browser: Browser, told: dict[str, Any], size: str, username: str | None) -> BrowserContext:
    """A browser of one size with somebody signed in through the API."""
    url = f"http://localhost:{told['ports']['app']}"
    wide = SIZES[size]
    context = browser.new_context(
        viewport={"width": wide["width"], "height": wide["height"]},
        base_url=url,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    if username is not None:
        account = {a["username"]: a for a in told["accounts"]}[username]
        audience = "team" if "/team/" in account["link"] else "person"
        answer = context.request.post(
            "/api/v1/session",
            data={"username": username, "password": account["password"]},
            headers={"Origin": url, "X-Alongside-Audience": audience},
        )
        assert answer.ok, f"{username} could not sign in: {answer.status}"
    return context


def main() -> None:
    """Take every screen at both sizes into the folder named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("told", type=Path, help="what `alongside up --json` printed, in a file")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    told = json.loads(options.told.read_text())
    with sync_playwright() as playwright:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=str(chromium().program), args=args)
        for name, path, username in SCREENS:
            for size in SIZES:
                context = signed_in(browser, told, size, username)
                page = context.new_page()
                page.goto(path)
                page.wait_for_timeout(2500)
                page.screenshot(path=options.folder / f"{name}-{size}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
