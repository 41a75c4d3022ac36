"""Delivers into the log, so that the outbox runs whole before a real provider is chosen; ids only."""

import logging

from backend.messages.outgoing import Outgoing, Receipt

NAME = "log"
log = logging.getLogger("alongside.messages")


def is_configured() -> bool:
    """It is always there."""
    return True


def send(outgoing: Outgoing) -> Receipt:
    """Write one line: which communication went to which kind of address by which template."""
    log.info(
        "told",
        extra={
            "communication": str(outgoing.id),
            "to": f"{outgoing.to.kind}:{outgoing.to.ref}",
            "template": outgoing.template,
        },
    )
    return Receipt(f"log-{outgoing.id}")
