"""Connections that reach only public addresses, checked on the address actually reached.

Looking a name up first and connecting later could reach two addresses; here the connected
socket itself says where it leads, before a byte is sent.
"""

import socket
from ipaddress import IPv6Address, ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from policy.fetching.errors import Unsafe


def is_allowed(address: str, *, loopback: bool) -> bool:
    """Whether an IP address is public; ``loopback`` lets this machine's own pass."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return loopback
    # The translation prefixes carry any IPv4 address, a private one too.
    if isinstance(found, IPv6Address) and (found.sixtofour or found.teredo or is_nat64(found)):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_nat64(address: IPv6Address) -> bool:
    """RFC 6052: 64:ff9b::/96."""
    return address.packed.startswith(bytes.fromhex("0064ff9b") + bytes(8))


def check_socket(connected: socket.socket, host: str, *, loopback: bool) -> socket.socket:
    """The socket itself. Raises Unsafe, having closed it, if it leads to a private network."""
    address = str(connected.getpeername()[0])
    if not is_allowed(address, loopback=loopback):
        connected.close()
        raise Unsafe(f"{host} leads to {address}, which is no public address.")
    return connected


def pools(*, loopback: bool) -> dict[str, Any]:
    """urllib3's pools by scheme, whose every connection is checked."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return check_socket(super()._new_conn(), self.host, loopback=loopback)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return check_socket(super()._new_conn(), self.host, loopback=loopback)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class CheckedAdapter(HTTPAdapter):
    """requests' transport, with checked connections and no retries of its own."""

    def __init__(self, *, loopback: bool) -> None:
        self.loopback = loopback
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pools(loopback=self.loopback)
