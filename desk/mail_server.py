"""One conversation with the mail server (RFC 5321): certificate verified, never in the clear but on the loopback."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from archive.clock import now
from archive.safety import LOOPBACK

PATIENCE = 20  # seconds for each answer

Outcome = Literal["sent", "later", "never"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter: sent, to be tried later, or refused for good; and the server's words."""

    outcome: Outcome
    words: str = ""


def make_message(
    sender: str, recipient: str, subject: str, text: str, identifier: str, ending: str = ""
) -> EmailMessage:
    """A plain letter (RFC 5322); ``identifier`` is the same at every try, so that a doubled one is known for one.

    ``ending`` is the address that ends such letters, for mail programs that offer it (RFC 2369, RFC 8058).
    """
    name, address = parseaddr(sender)
    user, _at, domain = address.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, user, domain)
    message["To"] = Address("", *_parts(recipient))
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{identifier}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if ending:
        message["List-Unsubscribe"] = f"<{ending}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    return message


@contextmanager
def conversation(url: str) -> Iterator[smtplib.SMTP]:
    """A server that is ready for letters.  OSError or SMTPException where it is not, or is not who it should be."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    authority = parse_qs(parts.query).get("ssl_ca_certs", [None])[0]
    context = ssl.create_default_context(cafile=authority)
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and (host not in LOOPBACK or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def hand_over(server: smtplib.SMTP, message: EmailMessage) -> Answer:
    """Gives one letter to the server.  Raises what ends the conversation (OSError, SMTPServerDisconnected)."""
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(code, words)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPException as error:
        return Answer("later", type(error).__name__)
    return Answer("sent")


def _refused(code: int, words: bytes | str) -> Answer:
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Answer("never" if 500 <= code < 600 else "later", f"{code} {told}")


def _parts(address: str) -> tuple[str, str]:
    user, _at, domain = address.rpartition("@")
    return user, domain
