"""Ports for the servers that tests start."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port of this machine that is given to nobody else for as long as this process lives.

    Between its choice and the start of a server, or while a killed one is started again, another test
    could be given it. So it stays bound, by a socket that does not listen: who names the port and allows
    addresses to be used again, as servers do, may still listen on it; nobody is given it by chance.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    held.detach()  # it is closed with the process
    return port
