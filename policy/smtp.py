"""Django's SMTP backend, which also tells whether a lost connection may have lost a mail.

Once the whole mail is with the server, a connection that breaks before its answer leaves open
whether it took the mail. ``smtplib`` raises the same error for that as for any other break.
"""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class AnswerLost(smtplib.SMTPServerDisconnected):
    """The server had the whole mail, and its answer never came."""


class Told(smtplib.SMTP):
    """A session that remembers that a whole mail has gone out."""

    is_content_out = False

    def data(self, msg: Any) -> Any:
        self.is_content_out = False
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self.is_content_out:
                raise AnswerLost(str(error)) from error
            raise

    def send(self, s: Any) -> None:
        # Of what DATA sends only the content ends so; what breaks while it is sent has no
        # end, and a server must not take it.
        super().send(s)
        self.is_content_out = isinstance(s, bytes) and s.endswith(b"\r\n.\r\n")


class ToldSSL(smtplib.SMTP_SSL, Told):
    """The same over TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's own, with a session that can tell."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return ToldSSL if self.use_ssl else Told
