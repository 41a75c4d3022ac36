"""Issues, rotates and withdraws what a device signs in to the broker with, so a stolen device stays out."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from backend.core.config import MqttAddress
from backend.core.errors import Invalid, Unavailable

CONTROL_TOPIC = "$CONTROL/dynamic-security/v1"
ANSWER_TOPIC = f"{CONTROL_TOPIC}/response"
BATCH = 50  # devices in one control message: the broker rewrites its whole file once a message
ANSWER_SECONDS = 20.0
DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")  # the wire contract's, 8 to 64 characters
OURS = "al-"  # accounts of our own processes
PAGE = 500  # clients in one answer of the broker's list

Command = dict[str, Any]


@dataclass(frozen=True)
class Reconciled:
    """What a comparison with our own list found: withdrawn accounts, and known devices without one."""

    withdrawn: tuple[str, ...]
    missing: tuple[str, ...]


class Credentials:
    """The broker's list of devices, reached over its control topic; use it in a ``with`` block.

    One client and one role a device, with literal topics: Mosquitto 2.0's dynamic security does not put the
    user's name into a pattern. A connection's user name and client id are the device id, so two devices
    cannot share a secret. Every method raises Unavailable when the
    broker refuses or does not answer within ``patience`` seconds.
    """

    def __init__(self, control_url: str, patience: float = ANSWER_SECONDS) -> None:
        self._patience = patience
        self._address = MqttAddress.parse(control_url)
        self._ready = threading.Event()
        self._answered = threading.Event()
        self._answers: list[dict[str, Any]] = []
        self._mark = ""
        self._refusal = ""
        # One question at a time: an answer is matched by its order, and two threads would swap theirs.
        self._turn = threading.Lock()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"al-control-{secrets.token_hex(6)}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        self._client.username_pw_set(self._address.username, self._address.password)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def __enter__(self) -> Self:
        try:
            self._client.connect(self._address.host, self._address.port, keepalive=30)
        except OSError as trouble:
            raise _unavailable("The broker cannot be reached to manage devices.") from trouble
        self._client.loop_start()
        if not self._ready.wait(self._patience):
            self.__exit__(None, None, None)
            raise _unavailable(f"The broker does not let us manage devices {self._refusal}.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def issue(self, device_id: str) -> str:
        """Let one device in and return its secret (32 random bytes, URL-safe); a known one is rotated."""
        return self.issue_many([device_id])[device_id]

    def issue_many(
        self, device_ids: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> dict[str, str]:
        """Let many devices in; return id -> secret. ``progress`` is told the size of each batch done."""
        _check(device_ids)
        issued: dict[str, str] = {}
        for start in range(0, len(device_ids), BATCH):
            batch = device_ids[start : start + BATCH]
            secrets_now = {device: new_secret() for device in batch}
            commands = [step for device, secret in secrets_now.items() for step in _creation(device, secret)]
            answers = self._ask(commands, may_fail="already exists")
            known = [
                command["username"]
                for command, answer in zip(commands, answers, strict=True)
                if command["command"] == "createClient" and "error" in answer
            ]
            if known:
                self._ask([_password(device, secrets_now[device]) for device in known])
            issued |= secrets_now
            if progress is not None:
                progress(len(batch))
        return issued

    def rotate(self, device_id: str, secret: str | None = None) -> str:
        """Give a device a new secret, or the one it was told: the old one ends and a live connection is cut."""
        secret = secret or new_secret()
        self._ask([_password(device_id, secret)])
        return secret

    def let_in(self, name: str, password: str, topics: Sequence[str]) -> None:
        """Make an account of ours that may publish to these literal topics; `revoke` puts it out again."""
        acls = [{"acltype": "publishClientSend", "topic": topic, "allow": True} for topic in topics]
        client = {
            "command": "createClient", "username": name, "clientid": name, "password": password,
            "roles": [{"rolename": name}],
        }  # fmt: skip
        self._ask([{"command": "createRole", "rolename": name, "acls": acls}, client])

    def revoke(self, device_id: str) -> None:
        """Put a device out: its connection is cut and its account and rights are gone. Twice does no harm.

        Deleted, never disabled: a disabled client with a certificate could connect again and publish.
        """
        self.revoke_many([device_id])

    def revoke_many(self, device_ids: Sequence[str]) -> None:
        """Put many devices out, as `revoke`."""
        for start in range(0, len(device_ids), BATCH):
            commands: list[Command] = []
            for device in device_ids[start : start + BATCH]:
                commands.append({"command": "deleteClient", "username": device})
                commands.append({"command": "deleteRole", "rolename": device})
            self._ask(commands, may_fail="not found")

    def reconcile(self, known_ids: Iterable[str]) -> Reconciled:
        """Withdraw every device account our database does not know; say which known devices have none.

        Our own processes' accounts (`al-`) are left alone. A missing device needs a new secret and a person
        to carry it there, so it is only named.
        """
        known = set(known_ids)
        held = {name for name in self.accounts() if not name.startswith(OURS)}
        strangers = tuple(sorted(held - known))
        self.revoke_many(strangers)
        return Reconciled(strangers, tuple(sorted(known - held)))

    def accounts(self) -> list[str]:
        """Every account the broker holds, our own processes' too."""
        names: list[str] = []
        while True:
            command: Command = {
                "command": "listClients",
                "verbose": False,
                "count": PAGE,
                "offset": len(names),
            }
            data = self._ask([command])[0].get("data", {})
            page = [str(name) for name in data.get("clients", [])]
            names += page
            if not page or len(names) >= int(data.get("totalCount", 0)):
                return names

    def _ask(self, commands: list[Command], may_fail: str | None = None) -> list[dict[str, Any]]:
        """Send one control message; return one answer a command, in order.

        The broker answers everybody on one topic, so each command carries a mark and what bears another's is left.
        Raises Unavailable for an error that was not expected.
        """
        with self._turn:
            self._answers = []
            self._mark = secrets.token_hex(8)
            self._answered.clear()
            marked = [command | {"correlationData": self._mark} for command in commands]
            self._client.publish(CONTROL_TOPIC, json.dumps({"commands": marked}), qos=1)
            if not self._answered.wait(self._patience):
                raise _unavailable("The broker did not answer while devices were managed.")
            answers = list(self._answers)
        for answer in answers:
            words = str(answer.get("error", ""))
            if words and (may_fail is None or may_fail not in words.lower()):
                raise _unavailable(f"The broker refused {answer.get('command')}: {words}.")
        return answers

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if code.is_failure:
            self._refusal = f"({code})"
            return
        client.subscribe(ANSWER_TOPIC, qos=1)

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, codes: list[ReasonCode], _more: Properties | None
    ) -> None:
        if not any(code.is_failure for code in codes):
            self._ready.set()

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        _code: ReasonCode,
        _more: Properties | None,
    ) -> None:
        self._ready.clear()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        answers = json.loads(message.payload).get("responses", [])
        if all(answer.get("correlationData") == self._mark for answer in answers):
            self._answers = answers
            self._answered.set()


def new_secret() -> str:
    """32 random bytes, URL-safe: the broker's hash of it is a cheap one, so no human may choose it."""
    return secrets.token_urlsafe(32)


def _check(device_ids: Sequence[str]) -> None:
    # A wildcard in an id would be a right to other people's topics.
    for device in device_ids:
        if not DEVICE_ID.fullmatch(device) or device.startswith(OURS):
            raise Invalid(
                "device-id-not-allowed",
                f"A device id has 8 to 64 lower case letters, digits, hyphens, and does not begin {OURS}",
            )


def _unavailable(detail: str) -> Unavailable:
    return Unavailable("broker-unavailable", detail)


def _creation(device: str, secret: str) -> list[Command]:
    return [
        {
            "command": "createRole",
            "rolename": device,
            "acls": [
                {"acltype": "publishClientSend", "topic": f"al/v1/{device}/up/#", "allow": True},
                {"acltype": "publishClientReceive", "topic": f"al/v1/{device}/down/#", "allow": True},
                {"acltype": "subscribePattern", "topic": f"al/v1/{device}/down/#", "allow": True},
                {"acltype": "unsubscribePattern", "topic": f"al/v1/{device}/down/#", "allow": True},
            ],
        },
        {
            "command": "createClient",
            "username": device,
            "clientid": device,
            "password": secret,
            "roles": [{"rolename": device}],
        },
    ]


def _password(device: str, secret: str) -> Command:
    return {"command": "setClientPassword", "username": device, "password": secret}
