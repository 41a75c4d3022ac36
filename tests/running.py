"""Starts the whole system as a visitor would and knows how to sign in to it; for flows, browser tests and bench."""

import json
import subprocess
import sys
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen
from uuid import uuid4

from playwright.sync_api import BrowserContext


@dataclass(frozen=True)
class Running:
    """A running home and what `alongside up --json` said of it."""

    home: Path
    told: dict[str, Any]

    @property
    def url(self) -> str:
        """The address of the app, without a path."""
        return f"http://localhost:{self.told['ports']['app']}"

    def password(self, username: str) -> str:
        """The password `up` printed for an account; KeyError when it printed none."""
        return str({a["username"]: a["password"] for a in self.told["accounts"]}[username])

    def patient(self, username: str) -> str:
        """The public id of the patient whose own account this is, as the API tells its owner."""
        body = json.dumps({"username": username, "password": self.password(username)}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.url}
        with urlopen(Request(f"{self.url}/api/v1/session", body, headers)) as answer:
            return str(json.load(answer)["patients"][0]["id"])

    def kit(self, device_id: str) -> str:
        """The public id of a piece of kit by its device id, as the API tells a nurse."""
        # The cookies are Secure, which a browser sends to localhost and Python has to be told.
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        ask = build_opener(HTTPCookieProcessor(jar)).open
        team = {"Content-Type": "application/json", "Origin": self.url, "X-Alongside-Audience": "team"}
        body = json.dumps({"username": "demo-nurse", "password": self.password("demo-nurse")}).encode()
        ask(Request(f"{self.url}/api/v1/session", body, team)).close()
        with ask(Request(f"{self.url}/api/v1/kit?q={device_id}", headers=team)) as answer:
            return str(json.load(answer)["rows"][0]["id"])

    def sign_in(self, context: BrowserContext, username: str) -> None:
        """Sign a browser in through the API: the cookie lands in the context."""
        account = {a["username"]: a for a in self.told["accounts"]}[username]
        audience = "team" if "/team/" in account["link"] else "person"
        # A person's pages keep what they saw only on a phone of their own.
        phone = {} if audience == "team" else {"phone": {"id": str(uuid4()), "kind": "own", "label": "Test"}}
        answer = context.request.post(
            f"{self.url}/api/v1/session",
            data={"username": username, "password": account["password"], **phone},
            headers={"Origin": self.url, "X-Alongside-Audience": audience},
        )
        assert answer.ok, answer.text()

    def stop(self) -> None:
        """`alongside down`; raises when it fails."""
        alongside("down", "--home", str(self.home))


def alongside(*words: str, timeout: float = 600) -> str:
    """Run the `alongside` command and return what it printed; raises with its error output when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", *words],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, (
        f"alongside {' '.join(words)} ended with {done.returncode}:\n{done.stderr[-4000:]}"
    )
    return done.stdout


def start_demo(home: Path, port: int) -> Running:
    """`alongside up --demo --detach --json`: returns when everything answers."""
    told = alongside("up", "--demo", "--detach", "--json", "--home", str(home), "--port", str(port))
    return Running(home, json.loads(told))
