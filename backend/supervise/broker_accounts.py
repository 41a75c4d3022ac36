"""Writes the broker's first list of accounts, so it is never open and never has a known password."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass

# The plugin's own default. It is a cheap hash, which is enough only because every secret is 32 random bytes.
ITERATIONS = 101

CONTROL = "al-control"
OBSERVER = "al-observer"
WATCHDOG_TOPIC = "al/v1/_gateway/echo"


@dataclass(frozen=True)
class Service:
    """A process of ours at the broker: its name and what it may do there."""

    name: str
    publish: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


SERVICES = (
    Service(
        "al-gateway-obs",
        publish=("al/v1/+/down/#", WATCHDOG_TOPIC),
        # The broker's own counters: Mosquitto tells one only when it changes and forgets it after a minute
        # (measured, 2.0.11), so whoever wants to know them must listen all the time.
        read=("al/v1/+/up/#", WATCHDOG_TOPIC, "$SYS/#"),
    ),
    Service(
        "al-gateway-alarm",
        publish=("al/v1/+/down/#", WATCHDOG_TOPIC),
        read=("al/v1/+/up/#", WATCHDOG_TOPIC),
    ),
    # The observer sees the broker's own counters and an echo of its own, never a device's topic.
    Service(OBSERVER, publish=("al/v1/_observer/echo",), read=("$SYS/#", "al/v1/_observer/echo")),
    Service(CONTROL, publish=("$CONTROL/dynamic-security/#",), read=("$CONTROL/dynamic-security/#",)),
)


def first_list(passwords: dict[str, str]) -> str:
    """Return the plugin's file: our services, each with one role, and nothing allowed by default.

    A service is not tied to one client id, because the gateway holds several sessions and tests hold more.
    """
    return json.dumps(
        {
            "defaultACLAccess": {
                "publishClientSend": False, "publishClientReceive": False,
                "subscribe": False, "unsubscribe": False,
            },
            "clients": [_client(service, passwords[service.name]) for service in SERVICES],
            "groups": [],
            "roles": [{"rolename": service.name, "acls": _acls(service)} for service in SERVICES],
        },
        indent=1,
    )  # fmt: skip


def _client(service: Service, password: str) -> dict[str, object]:
    salt = os.urandom(12)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, dklen=64)
    return {
        "username": service.name,
        "textName": f"Alongside process {service.name}",
        "roles": [{"rolename": service.name}],
        "password": base64.b64encode(hashed).decode(),
        "salt": base64.b64encode(salt).decode(),
        "iterations": ITERATIONS,
    }


def _acls(service: Service) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for topic in service.publish:
        lines.append({"acltype": "publishClientSend", "topic": topic, "allow": True})
    for topic in service.read:
        # A pattern here also covers every narrower filter a process subscribes with.
        lines.append({"acltype": "subscribePattern", "topic": topic, "allow": True})
        lines.append({"acltype": "unsubscribePattern", "topic": "#", "allow": True})
        lines.append({"acltype": "publishClientReceive", "topic": topic, "allow": True})
    return lines
