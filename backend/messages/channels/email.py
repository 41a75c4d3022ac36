"""Sends an e-mail through a mail server, enciphered whenever the server offers it; no name and no value in it."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from backend.core.config import Messaging
from backend.messages.outgoing import Outgoing, Receipt, RetryLater, Undeliverable
from backend.messages.posting import PATIENCE_S
from backend.messages.templates import words

NAME = "email"


def is_configured() -> bool:
    """Whether a mail server and a sender are set."""
    settings: Messaging = current_app.config["MESSAGING"]
    return settings.smtp_url is not None and settings.email_from is not None


def send(outgoing: Outgoing) -> Receipt:
    """Hand it to the mail server, for the first address we have of whom it is for."""
    settings: Messaging = current_app.config["MESSAGING"]
    if settings.smtp_url is None or settings.email_from is None:
        raise Undeliverable("not configured")
    address = next((one for one in outgoing.targets if isinstance(one, str)), None)
    if address is None or any(sign in address for sign in "\r\n"):
        raise Undeliverable("no address")
    mail = _mail(outgoing, settings.email_from, address)
    try:
        _hand_over(urlsplit(settings.smtp_url), mail)
    except smtplib.SMTPRecipientsRefused as refused:
        ((code, _),) = list(refused.recipients.values())[:1]
        _never_or_later(code)
    except smtplib.SMTPResponseException as said:
        _never_or_later(said.smtp_code)
    except (OSError, smtplib.SMTPException) as away:
        raise RetryLater(f"no answer: {type(away).__name__}") from None
    return Receipt(str(mail["Message-ID"]))


def _mail(outgoing: Outgoing, sender: str, address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, address, "Alongside"
    # The same over repeats, so that a mailbox shows the second as the first.
    mail["Message-ID"] = f"<{outgoing.id}@{sender.rpartition('@')[2].rstrip('>') or 'alongside'}>"
    said = words(outgoing.template, outgoing.facts, outgoing.to.kind)
    mail.set_content(f"{said}\n\n{current_app.config['PUBLIC_URL']}\n")
    return mail


def _hand_over(server: SplitResult, mail: EmailMessage) -> None:
    """One SMTP talk; a password is never said in clear."""
    with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=PATIENCE_S) as talk:
        talk.ehlo()
        if talk.has_extn("starttls"):
            talk.starttls(context=ssl.create_default_context())
            talk.ehlo()
        elif server.username:
            raise Undeliverable("the mail server offers no TLS, so our password is not said")
        if server.username:
            talk.login(unquote(server.username), unquote(server.password or ""))
        talk.send_message(mail)


def _never_or_later(code: int) -> None:
    """SMTP's own split (RFC 5321 4.2.1): 5yz is for ever, 4yz for now."""
    if code >= 500:
        raise Undeliverable(f"mail server answered {code}")
    raise RetryLater(f"mail server answered {code}")
