"""A real SMTP server on loopback that answers as a test says, and keeps what it took."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Answers:
    """By address what it answers to RCPT, and by address what to DATA; else it takes the mail.

    ``silent``: it takes the mail and never answers. ``hangs_up``: it takes it and goes away.
    """

    recipient: dict[str, str] = field(default_factory=dict)
    content: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    silent: set[str] = field(default_factory=set)
    hangs_up: set[str] = field(default_factory=set)
    taken: list[Message] = field(default_factory=list)

    async def handle_MAIL(self, _s: Any, _session: Any, envelope: Any, address: str, o: Any) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(o)
        return self.sender or "250 OK"

    async def handle_RCPT(
        self, _s: Any, _session: Any, envelope: Any, address: str, _o: Any
    ) -> str:
        answer = self.recipient.get(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        if address in self.content:
            return self.content[address]
        self.taken.append(message_from_bytes(envelope.content))
        if address in self.hangs_up:
            server.transport.close()
        if address in self.silent:
            await asyncio.sleep(3)
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def smtp_server(answers: Answers, port: int = 0) -> Iterator[int]:
    """Yields the port that it listens on."""
    controller = Controller(answers, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
