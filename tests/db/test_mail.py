"""Letters: the outbox, and a real SMTP server that takes them."""

import asyncio
import email
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP

from vidgenie.errors import MailError
from vidgenie.services import mail, queue
from vidgenie.services.accounts import register
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.db.pool import Database
from vidgenie.services.mail import Letter, SmtpMailer, SmtpServer

LETTER = Letter("ada@example.com", "Hallo, Ada – grüß dich", "Line one\n\nvg_em_x\n", "vg_em_x")


class Postbox(Message):
    """Keeps what a server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[EmailMessage] = []

    def handle_message(self, message: email.message.Message) -> None:
        parsed = email.message_from_bytes(message.as_bytes(), policy=default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
async def mailer(postbox: Postbox) -> AsyncIterator[SmtpMailer]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(postbox, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield SmtpMailer(SmtpServer.of(f"smtp://127.0.0.1:{port}"), "VidGenie <v@example.com>")
    server.close()
    await server.wait_closed()


async def test_letter_goes_out_once_and_its_token_is_forgotten(
    db: Database, mailer: SmtpMailer, postbox: Postbox
) -> None:
    async with db.transaction() as tx:
        letter_id = await mail.post(tx, LETTER)
    await mail.send_letter(db, mailer, letter_id)
    await mail.send_letter(db, mailer, letter_id)
    [taken] = postbox.taken
    assert taken["To"] == "ada@example.com"
    assert taken["Subject"] == LETTER.subject
    assert "vg_em_x" in taken.get_content().splitlines(), "the token stands on a line of its own"
    async with db.transaction() as tx:
        [kept] = await mail.list_letters(tx)
    assert kept.token is None
    assert "vg_em_x" not in kept.text


async def test_server_that_is_away_is_a_mail_error(db: Database) -> None:
    async with db.transaction() as tx:
        letter_id = await mail.post(tx, LETTER)
    away = SmtpMailer(SmtpServer.of("smtp://127.0.0.1:1"), "v@example.com")
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1"):
        await mail.send_letter(db, away, letter_id)
    async with db.transaction() as tx:
        [kept] = await mail.list_letters(tx)
    assert kept.token == "vg_em_x", "it can be sent again"


async def test_list_is_newest_first_and_of_one_address(db: Database) -> None:
    async with db.transaction() as tx:
        for to in ("ada@example.com", "bob@example.com", "Ada@example.com"):
            await mail.post(tx, Letter(to, f"to {to}", "text"))
        everything = await mail.list_letters(tx)
        of_ada = await mail.list_letters(tx, to="ADA@example.com")
        newest = await mail.list_letters(tx, limit=1)
    assert [letter.to for letter in everything] == [
        "Ada@example.com",
        "bob@example.com",
        "ada@example.com",
    ]
    assert [letter.to for letter in of_ada] == ["Ada@example.com", "ada@example.com"]
    assert newest == everything[:1]


@pytest.mark.parametrize("has_smtp", [True, False])
async def test_letters_are_sent_by_a_job_only_where_there_is_a_server(
    db: Database, has_smtp: bool
) -> None:
    policy = AccountPolicy(b"k" * 32, "https://video.example", has_smtp=has_smtp)
    async with db.transaction() as tx:
        await register.register(
            tx, policy, username="ada", email="ada@example.com", password_hash="x"
        )
        [letter] = await mail.list_letters(tx)
        job = await queue.claim(tx, ["mail"], worker="tests", lease_s=5)
    assert (job is not None) is has_smtp
    if job is not None:
        assert (job.kind, dict(job.payload)) == ("send_mail", {"letter_id": letter.id})


async def test_letter_that_was_rolled_back_never_was(db: Database) -> None:
    async def fail_after_writing() -> None:
        async with db.transaction() as tx:
            await mail.post(tx, LETTER)
            raise RuntimeError("the registration failed")

    with pytest.raises(RuntimeError):
        await fail_after_writing()
    async with db.transaction() as tx:
        assert await mail.list_letters(tx) == []


@pytest.mark.parametrize(
    ("url", "port", "is_tls"),
    [
        ("smtp://mail.example", 587, False),
        ("smtps://mail.example", 465, True),
        ("smtp://u%40x:p%3Aw@mail.example:2525", 2525, False),
    ],
)
def test_server_is_read_from_its_url(url: str, port: int, is_tls: bool) -> None:
    server = SmtpServer.of(url)
    assert (server.host, server.port, server.is_tls) == ("mail.example", port, is_tls)
    if "%40" in url:
        assert (server.username, server.password) == ("u@x", "p:w")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        SmtpServer.of(url)
