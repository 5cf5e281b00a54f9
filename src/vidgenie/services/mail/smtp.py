"""Sending letters through an SMTP server."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from vidgenie.errors import MailError
from vidgenie.services.mail.model import OutboxLetter

TIMEOUT_S = 20.0
"""A mail server that needs longer is down; the job tries again."""


class Mailer(Protocol):
    """Sends letters."""

    async def send(self, letter: OutboxLetter) -> None:
        """Send one letter. Raises: MailError."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes: `smtp://user:password@host:587` or `smtps://…`.

    `smtp` uses STARTTLS where the server offers it.
    """

    host: str
    port: int
    username: str | None
    password: str | None
    is_tls: bool

    @classmethod
    def of(cls, url: str) -> "SmtpServer":
        """Read a URL; raises ValueError with the accepted form."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(f"{url!r} is not smtp://[user:password@]host[:port] or smtps://…")
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if is_tls else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            is_tls=is_tls,
        )


class SmtpMailer:
    """Sends letters through one server."""

    def __init__(self, server: SmtpServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    async def send(self, letter: OutboxLetter) -> None:
        """Send one letter. Raises: MailError."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(f"vidgenie-{letter.id}")
        message.set_content(letter.text)
        server = self._server
        try:
            await aiosmtplib.send(
                message,
                recipients=[letter.to],  # as it was proved, not as a header is read
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.is_tls,
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailError(f"The mail server {server.host}:{server.port}: {error}") from error
