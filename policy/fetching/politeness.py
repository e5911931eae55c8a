"""What may be asked, how often, how long and how much."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from policy.fetching.errors import Unsafe

MEGABYTE = 1024 * 1024
# The official sources, and where their redirects lead.
OFFICIAL = frozenset(
    {
        "https://www.federalregister.gov",
        "https://www.ecfr.gov",
        "https://api.regulations.gov",
        "https://data.trade.gov",
    }
)


@dataclass(frozen=True)
class Politeness:
    """The limits of every request. Times are seconds, sizes bytes.

    ``origins`` are scheme, host and, where it is not the usual one, port. ``loopback`` lets an
    origin be on this machine; only tests say so. ``total_seconds`` bounds one attempt from its
    first byte to its last. ``pause`` lies between two requests to one host. A source that asks
    to wait longer than ``longest_wait`` is asked again by a later run.
    """

    origins: frozenset[str] = OFFICIAL
    loopback: bool = False
    connect_seconds: float = 8.0
    read_seconds: float = 40.0
    total_seconds: float = 180.0
    attempts: int = 4
    wait_initial: float = 1.0
    wait_max: float = 20.0
    jitter: float = 1.0
    longest_wait: float = 60.0
    pause: float = 1.0
    max_redirects: int = 4
    max_wire: int = 120 * MEGABYTE
    max_bytes: int = 120 * MEGABYTE
    agent: str = "Earmark"

    def check_address(self, url: str) -> str:
        """The address itself. Raises Unsafe with a sentence if it may not be asked."""
        try:
            parts = urlsplit(url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError as error:
            raise Unsafe(f"{url[:200]} is no address.") from error
        origin = f"{parts.scheme}://{parts.hostname or ''}{port}"
        if parts.username or parts.password or origin not in self.origins:
            raise Unsafe(f"{origin} is not among the sources that may be asked.")
        return url
