"""Mails that say that a mail was not delivered."""

from __future__ import annotations

from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart


def notification(to: str, message_id: str = "", action: str = "failed") -> bytes:
    """A notification as a mail server writes it."""
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["To"], report["From"], report["Subject"] = to, "MAILER-DAEMON@mx.example", "Undelivered mail"
    status = Message()
    status["Final-Recipient"], status["Action"] = "rfc822; lea@gone.example", action
    status["Status"], status["Diagnostic-Code"] = "5.1.1", "smtp; 550 no such user"
    told = MIMEMessage(Message(), "delivery-status")
    told.set_payload([Message(), status])
    head = Message()
    head["Message-ID"] = message_id
    report.attach(told)
    report.attach(MIMEMessage(head))
    return report.as_bytes()
