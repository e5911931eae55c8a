"""A real SMTP server on loopback, what it took, and what it answers."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

RECIPIENT, CONTENT = "RCPT TO", "DATA"


@dataclass(frozen=True)
class Answer:
    """What the server does with one mail. It keeps what it answers with 250, or hangs up on.

    ``at`` is the command that the reply is to, ``after`` the seconds that it takes.
    """

    reply: str = "250 taken"
    at: str = CONTENT
    after: float = 0.0
    hangs_up: bool = False

    @property
    def takes(self) -> bool:
        return self.reply.startswith("250")


@dataclass
class Mailbox:
    """Every message that the server took, in the order in which they came.

    The next mails get the ``answers`` in their order, and later ones the ``usual`` one.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    usual: Answer = Answer()
    # Seconds that each mail takes.
    pause: float = 0.0
    answers: deque[Answer] = field(default_factory=deque)
    refused: list[str] = field(default_factory=list)

    async def handle_RCPT(  # its name
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answers.popleft() if self.answers else self.usual
        if answer.at == RECIPIENT:
            self.refused.append(address)
            await asyncio.sleep(answer.after + self.pause)
            return answer.reply
        session.answer = answer
        envelope.rcpt_tos.append(address)
        return "250 go on"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # its name
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        answer: Answer = session.answer
        if answer.takes:
            self.messages.append(message)
        else:
            self.refused.append(envelope.rcpt_tos[0])
        await asyncio.sleep(answer.after + self.pause)
        if answer.hangs_up:
            server.transport.abort()
        return answer.reply

    def about(self, words: str) -> list[EmailMessage]:
        return [message for message in self.messages if words in str(message["Subject"])]


@contextmanager
def smtp_server(mailbox: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage, part: str) -> str:
    """The first address in the text that holds ``part``."""
    return next(word for word in text_of(message).split() if part in word)
