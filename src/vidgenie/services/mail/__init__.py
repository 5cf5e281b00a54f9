"""Letters to people: written into an outbox, sent through SMTP where there is one. May import db.

Reading order: model, outbox (with sql/), smtp.
"""

from vidgenie.services.mail.model import Letter, OutboxLetter
from vidgenie.services.mail.outbox import forget, list_letters, post, send_letter
from vidgenie.services.mail.smtp import Mailer, SmtpMailer, SmtpServer

__all__ = [
    "Letter",
    "Mailer",
    "OutboxLetter",
    "SmtpMailer",
    "SmtpServer",
    "forget",
    "list_letters",
    "post",
    "send_letter",
]
