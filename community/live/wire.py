"""What carries the messages of open pages: the lines themselves, and what strangers may send over them.

Everything that the libraries do otherwise than this site needs it is here.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from functools import partial
from socket import SHUT_RDWR
from typing import Any

import structlog
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.packet import CLOSE, MESSAGE, PONG, Packet
from flask import Flask
from flask_socketio import SocketIO
from simple_websocket import ConnectionClosed, Server

from community.live.seats import Bucket

LARGEST_MESSAGE = 2000  # bytes; a page sends about fifty
_BINARY = ("5", "6")  # events with files, of which there are none
log = structlog.get_logger("live")


def server_of(app: Flask) -> SocketIO:
    """The Socket.IO server of an application: WebSocket only, threads, and every line guarded."""
    quiet = logging.getLogger("community.live.wire")  # what strangers send is no fault of ours
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    quiet.setLevel(logging.CRITICAL)
    socketio = SocketIO(
        app,
        # By hand: with gevent installed the library would choose that by itself.
        async_mode="threading",
        transports=["websocket"],
        manage_session=False,
        async_handlers=False,
        cors_allowed_origins=[],  # the gate decides, before this
        max_http_buffer_size=LARGEST_MESSAGE,
        http_compression=False,
        logger=quiet,
        engineio_logger=quiet,
    )
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": partial(Careful, max_message_size=LARGEST_MESSAGE)}
    _guard(socketio)
    return socketio


def _guard(socketio: SocketIO) -> None:
    """Count what each connection says before it is read; close the one that says too much or nonsense."""
    server = socketio.server
    read, gone = server.eio.handlers["message"], server.eio.handlers["disconnect"]
    buckets: dict[str, Bucket] = {}

    def message(wire: str, data: Any) -> None:
        try:
            if not str(data).startswith(_BINARY) and buckets.setdefault(wire, Bucket()).takes():
                read(wire, data)
                return
        except Exception as problem:
            log.info("live: unreadable", problem=type(problem).__name__)
        threading.Thread(target=server.eio.disconnect, args=(wire,), daemon=True).start()

    def disconnect(wire: str, reason: str = "") -> None:
        buckets.pop(wire, None)
        gone(wire, reason)

    server.eio.on("message", message)
    server.eio.on("disconnect", disconnect)


class Line(Server):  # type: ignore[misc]  # it comes without types
    """A WebSocket whose listener learns at once when nothing more will come.

    At a message that is too long the library wakes it before the line is closed, and never again: its seat
    would stay taken until the next sign of life was missed.
    """

    def _thread(self) -> None:
        try:
            super()._thread()
        finally:
            self.connected = False
            self.event.set()

    def close(self, reason: Any = None, message: Any = None) -> None:
        """Say good-bye, if there is still somebody to say it to: two threads may end the same line."""
        with suppress(OSError, ConnectionClosed):
            super().close(reason, message)
        self.connected = False


class Careful(SimpleWebSocketWSGI):  # type: ignore[misc]  # it comes without types
    """A WebSocket that ends as usual at what the library could not read, instead of failing on it.

    It works on a handle of its own: the library closes it from another thread, when the server may have
    given the same number to somebody else's connection.
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Talk for as long as the page is open; then wake the thread that still listens."""
        given = environ.get("gunicorn.socket")
        if given is None:
            return super().__call__(environ, start_response)
        own = given.dup()
        try:
            self.ws = Line({**environ, "gunicorn.socket": own}, **self.server_args)
            self.app(self)
            raise StopIteration  # as the library says it: there is no answer to be sent
        finally:
            with suppress(OSError):
                own.shutdown(SHUT_RDWR)

    def wait(self) -> str | None:
        """The next message; None when there is none to come, or it is no message of ours."""
        said = super().wait()
        try:
            known = Packet(encoded_packet=said).packet_type in {CLOSE, PONG, MESSAGE}
        except Exception:  # whatever a stranger may send
            return None
        return said if known and isinstance(said, str) else None
