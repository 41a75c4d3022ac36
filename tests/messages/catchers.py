"""Providers in this process: an HTTP one that takes texts and pushes, and a mail server that keeps what it is given."""

import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Caught:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Provider:
    """An HTTP provider: what it was sent, and how it answers (status, headers, body) by path or in general."""

    url: str = ""
    caught: list[Caught] = field(default_factory=list)
    answer: tuple[int, dict[str, str], bytes] = (201, {}, b'{"id": "ref-1"}')
    by_path: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)


@contextmanager
def provider() -> Iterator[Provider]:
    """One that listens on a free port until the end of the block."""
    kept = Provider()

    class Handler(BaseHTTPRequestHandler):
        """Keeps and answers."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.caught.append(Caught(self.path, dict(self.headers.items()), body))
            status, headers, said = kept.by_path.get(self.path, kept.answer)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Quietly."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join(60)


@dataclass
class MailServer:
    """What a mail server was given, whether it came enciphered, and what it answers to a recipient."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    enciphered: list[bool] = field(default_factory=list)
    recipient_answer: str = "250 ok"


class _Talk(socketserver.StreamRequestHandler):
    """One client of the mail server: as much of RFC 5321 as it needs."""

    kept: MailServer
    certificate: tuple[Path, Path] | None
    sealed = False

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")
        self.wfile.flush()

    def handle(self) -> None:
        # A client that does not trust us hangs up in the middle, which is no fault of this server.
        with suppress(OSError):
            self.say("220 test")
            while (line := self.rfile.readline().decode().strip()) and line.upper() != "QUIT":
                self.answer(line.split(":")[0].upper())
            self.say("221 bye")

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def answer(self, verb: str) -> None:
        if verb.startswith("EHLO"):
            offers = self.certificate is not None and not self.sealed
            self.say("250-test\r\n250 STARTTLS" if offers else "250 test")
        elif verb == "STARTTLS":
            self.seal()
        elif verb == "RCPT TO":
            self.say(self.kept.recipient_answer)
        elif verb == "DATA":
            self.say("354 go on")
            self.kept.mails.append(self.read_mail())
            self.kept.enciphered.append(self.sealed)
            self.say("250 kept")
        else:
            self.say("250 ok")

    def seal(self) -> None:
        assert self.certificate is not None
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        self.connection = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.sealed = True

    def read_mail(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)


@contextmanager
def mail_server(certificate: tuple[Path, Path] | None = None) -> Iterator[MailServer]:
    """One that listens until the end of the block; with (certificate, key) it offers STARTTLS."""
    kept = MailServer()
    talk = type("Talk", (_Talk,), {"kept": kept, "certificate": certificate})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join(60)
