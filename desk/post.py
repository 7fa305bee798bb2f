"""The post: letters that wait are sent, again and again while the mail server is down; none is lost.

A letter leaves the table of what waits only after the server has taken it.  A process that is killed in between sends
it twice, with one Message-ID.
"""

import logging
import smtplib
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.sign_in import Letter
from archive.clock import now
from archive.database import reading, writing
from archive.locks import held
from archive.retrying import is_due, next_attempt
from desk.letters import Writer
from desk.mail_server import Answer, conversation, hand_over, make_message
from desk.saved_searches import note_sent
from search.errors import SearchDownError

LOCK = "post"
GIVEN_UP = timedelta(days=3)
AT_ONCE = 50
LONGEST_TROUBLE = 300

log = logging.getLogger("vankho.post")


def send_waiting(writer: Writer) -> int:
    """Sends what is due; returns how many letters were sent.  One process at a time does it."""
    if not _is_due():
        return 0
    with held(LOCK) as mine:
        if not mine:
            return 0
        due = _due()
        if not due:
            return 0
        sent = 0
        try:
            with conversation(writer.settings.smtp_url.get_secret_value()) as server:
                while due:
                    sent += _send(server, writer, due[0])
                    due.pop(0)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("máy chủ thư chưa nhận: %s", error)
            for number in due:
                _note(number, Answer("later", str(error) or type(error).__name__))
        return sent


def try_again(letter_id: int) -> bool:
    """Lets a letter that waits or was given up go at the next look; whether there was one."""
    with writing() as session:
        letter = session.get(Letter, letter_id, with_for_update=True)
        if letter is None or letter.state not in {"waiting", "failed"}:
            return False
        letter.state, letter.due = "waiting", now()
    return True


def troubled(session: Session) -> list[Letter]:
    """Letters that were tried in vain and wait, or were given up, newest first, fifty at most."""
    found = select(Letter).where(Letter.state.in_(("waiting", "failed")), Letter.tries > 0)
    return list(session.scalars(found.order_by(Letter.id.desc()).limit(50)))


def counted(session: Session) -> dict[str, int]:
    """How many letters are in each state, of those that are kept (desk.retention)."""
    rows = session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all()
    return {row[0]: row[1] for row in rows}


def _is_due() -> bool:
    with reading() as session:
        return session.scalar(select(Letter.id).where(is_due(Letter.due)).limit(1)) is not None


def _due() -> list[int]:
    with reading() as session:
        due = select(Letter.id).where(is_due(Letter.due)).order_by(Letter.due, Letter.id).limit(AT_ONCE)
        return list(session.scalars(due))


def _send(server: smtplib.SMTP, writer: Writer, number: int) -> int:
    with reading() as session:
        letter = session.get_one(Letter, number)
        try:
            words = writer.compose(session, letter)
        except SearchDownError as error:  # no other letter waits for the index
            _note(number, Answer("later", str(error)))
            return 0
    if words is None:
        _close(number, "needless")
        return 0
    identifier = f"vankho.{letter.id}.{int(letter.created.timestamp())}"
    answer = hand_over(
        server,
        make_message(writer.settings.mail_from, letter.recipient, words.subject, words.text, identifier, words.ending),
    )
    _note(number, answer)
    return int(answer.outcome == "sent")


def _note(number: int, answer: Answer) -> None:
    with writing() as session:
        letter = session.get_one(Letter, number, with_for_update=True)
        letter.tries += 1
        letter.trouble = answer.words[:LONGEST_TROUBLE]
        if answer.outcome == "sent":
            letter.state, letter.due, letter.trouble = "sent", None, ""
            note_sent(session, letter)
        elif answer.outcome == "never" or now() - letter.created > GIVEN_UP:
            letter.state, letter.due = "failed", None
        else:
            letter.due = next_attempt(letter.tries)


def _close(number: int, state: str) -> None:
    with writing() as session:
        letter = session.get_one(Letter, number, with_for_update=True)
        letter.state, letter.due = state, None
        note_sent(session, letter)
