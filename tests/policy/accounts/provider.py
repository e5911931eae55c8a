"""A provider of OpenID Connect on a loopback port, which vouches for whom it is told to."""

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

from tests.instants import TODAY

CLIENT, SECRET, CODE = "earmark", "the secret of a client", "a code"


@dataclass
class Provider:
    """What it says of who signs in, and what it was asked."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""
    asked: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }

    def token(self, form: dict[str, list[str]]) -> dict[str, Any] | None:
        """The answer to a code, if the client proves that it is the one that asked."""
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        held = (form["code"][0], form["client_secret"][0], challenge)
        if held != (CODE, SECRET, self.challenge):
            return None
        claims = {
            **self.person,
            "iss": self.url,
            "aud": CLIENT,
            "iat": TODAY,
            "exp": TODAY + timedelta(minutes=5),
        }
        signed = jwt.encode(claims, "k" * 32, algorithm="HS256")
        return {"access_token": "a token", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, for as long as the block lasts."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path.endswith("/openid-configuration"):
                self.answer(provider.configuration())
            else:
                self.answer(provider.person)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            length = int(self.headers["Content-Length"])
            self.answer(provider.token(parse_qs(self.rfile.read(length).decode())))

        def answer(self, value: dict[str, Any] | None) -> None:
            self.send_response(200 if value is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(value or {"error": "invalid_grant"}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
