"""A mail server that runs in a thread, listens on loopback, and keeps the mails that it receives."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """A server and its mails. It refuses the recipient `refused`, and all mails if `refuses` is true."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refuses: bool = False
    refused: str | None = None


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server without TLS and without a login (RFC 5321)."""
    one = MailServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.example")
            recipients: list[str] = []
            for raw in iter(self.rfile.readline, b""):
                line = raw.decode().strip()
                verb = line[:4].upper()
                if verb == "QUIT":
                    self._say("221 bye")
                    return
                if verb == "RCPT":
                    recipients.append(line.partition("<")[2].partition(">")[0])
                    if recipients[-1] == one.refused:
                        self._say("550 no such mailbox")
                        continue
                if verb == "DATA":
                    self._say("354 go on")
                    one.mails.append(self._read())
                    one.recipients.append(recipients)
                self._say("451 try later" if one.refuses and verb == "MAIL" else "250 ok")

        def _read(self) -> EmailMessage:
            sent = iter(self.rfile.readline, b".\r\n")
            lines = [line[1:] if line.startswith(b"..") else line for line in sent]
            mail: Any = message_from_bytes(b"".join(lines), policy=policy.default)
            return mail  # type: ignore[no-any-return]

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        one.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield one
        finally:
            server.shutdown()
