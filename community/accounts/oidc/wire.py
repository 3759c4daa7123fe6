"""Asking a provider: only addresses from the settings or its own documents, never one from a reader.

The name is resolved once and the connection goes to the address that was looked at; a private address
is refused, no redirect is followed, and what comes is short or is not read.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from community.core.store import settings

PATIENCE = 3.0  # seconds for each step, and DEADLINE for all of them
DEADLINE = 8.0
LARGEST = 256 * 1024
# IPv6 addresses that carry an IPv4 one inside: what counts is the one inside.
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")  # no longer used, still connected to
_OWN_NAT64 = ip_network("64:ff9b:1::/48")  # leads wherever the network of this machine says


class Unreachable(Exception):
    """The provider cannot be asked, or what it says is no answer."""


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its name says a moment later."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        """Connect to the address that was looked at; the certificate is that of the name."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def is_public(address: str) -> bool:
    """Whether an address, also one that is carried inside another, lies on the open network."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(found) if isinstance(found, IPv6Address) else None
    if found in _OWN_NAT64:
        return False
    return (inner or found).is_global and not found.is_multicast


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def is_askable(url: object) -> bool:
    """Whether this is a plain https address (in tests also http)."""
    if not isinstance(url, str) or len(url) > 2000 or any(ord(c) <= 32 or ord(c) > 126 for c in url):
        return False
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        return False
    schemes = {"https", "http"} if settings().stage == "test" else {"https"}
    return parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment


def get_json(url: str) -> dict[str, Any]:
    """The JSON object at an address. :raises Unreachable: there is none."""
    status, said = _ask("GET", url, {"Accept": "application/json"}, None)
    if status != 200:
        raise Unreachable(f"status {status}")
    return said


def post_form(url: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
    """Send a form; the status and the JSON object that answers it. :raises Unreachable: nothing does."""
    return _ask("POST", url, {**headers, "Accept": "application/json"}, body)


def _ask(method: str, url: str, headers: Mapping[str, str], body: str | None) -> tuple[int, dict[str, Any]]:
    if not is_askable(url):
        raise Unreachable("address")
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", str(parts.hostname)
    port = parts.port or (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, port, _address(host, port), secure=secure)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        response = connection.getresponse()
        said = json.loads(_read(response))
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as problem:
        raise Unreachable(type(problem).__name__) from None
    finally:
        connection.close()
    if not isinstance(said, dict):
        raise Unreachable("no object")
    return response.status, said


def _read(response: http.client.HTTPResponse) -> bytes:
    ends, read = time.monotonic() + DEADLINE, b""
    while chunk := response.read1(16 * 1024):
        read += chunk
        if len(read) > LARGEST or time.monotonic() > ends:
            raise Unreachable("too much")
    return read


def _address(host: str, port: int) -> str:
    """The address of a name, once every address it has was looked at."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise Unreachable("name") from None
    if not found or (settings().stage != "test" and not all(map(is_public, found))):
        raise Unreachable("private address")
    return found[0]
