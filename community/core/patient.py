"""gunicorn's worker with threads, which gives a thread to a request only once all of it has arrived.

gunicorn's own takes one as soon as the first byte is there: a hundred clients that send a letter a second,
on purpose or from a bad line, keep a hundred threads, and nobody else is served. Here they wait in the
poller, which costs a few kilobytes each. An answer is put whole into the system's buffer, so a slow
reader keeps no thread either, unless it is larger than that.

gunicorn's own also waits for each client to hang up, two seconds at most, in the thread that lets everybody
in: fifty that do not keep the door shut for minutes. Here that is left to the poller as well.

How long an address may be is decided here too, where its bytes are counted while they arrive: a search of
ten thousand words is a search. What is longer is refused with a sentence before gunicorn reads it.

A connection that cannot be opened, because the limit of handles is reached, is waited for: gunicorn's own
worker ends, and with it everything it was doing.
"""

from __future__ import annotations

import contextlib
import errno
import re
import selectors
import socket
import sys
import time
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from community.core.given_back import EVERY, give_back
from community.core.undocumented import forget_docstrings

ARRIVE_WITHIN = 30.0  # seconds for a request to arrive whole
MOST_ARRIVING = 600  # when more do, the one that has taken longest is dropped
MOST_HEAD = 128 * 1024  # bytes of an address with what is said beside it: some fifteen thousand words
MOST_HELD = 4 * 1024 * 1024  # bytes of one request; the site takes less, and refuses without reading it
SEND_BUFFER = 256 * 1024
READ = 64 * 1024
HANG_UP_WITHIN = 2.0  # seconds for a client to have read the end, before the connection is cut
MOST_LEAVING = 600
PAUSE = 0.05
_TOO_LONG = (
    "Cette adresse est trop longue. Rien n’a changé.\nThis address is too long. Nothing changed.\n"
).encode()
_REFUSAL = (
    b"HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_TOO_LONG), _TOO_LONG)
)
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d+)")
# Who says so waits for a word of ours before sending the rest, or does not say how long that is.
_ASKS_FIRST = re.compile(rb"(?im)^(?:expect|transfer-encoding)[ \t]*:")


class Guest(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection whose end is left to the poller."""

    worker: PatientWorker

    def close(self, graceful: bool = False) -> None:
        """End it; gracefully, the client may read the last of its answer first."""
        if graceful:
            self.worker.see_off(self)
        else:
            super().close()


TURN = 0.001  # seconds of a thread that others wait for


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """See above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cfg.set("limit_request_line", 0)  # see MOST_HEAD
        self.arriving: dict[TConn, bytearray] = {}  # oldest first
        self.leaving: dict[TConn, float] = {}  # and when they are cut
        self.gives_back_at = 0.0

    def init_process(self) -> None:
        """Let threads take turns often: whoever waited for the disk, or answers a small question, does not
        stand behind a job of the background for five milliseconds each time."""
        sys.setswitchinterval(TURN)
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the program, and leave in memory what a web server needs of it."""
        super().load_wsgi()
        forget_docstrings()

    def accept(self, listener: socket.socket) -> None:
        """Let a client in; its request may take its time."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            client, address = listener.accept()
        except OSError as problem:
            _passes(problem)
            return
        self.nr_conns += 1
        with contextlib.suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        guest = Guest(self.cfg, client, address, listener.getsockname())
        guest.worker = self
        self._wait_for(guest)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a connection that was kept begins to arrive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for(conn)

    def _wait_for(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + ARRIVE_WITHIN
        self.arriving[conn] = bytearray()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._more, conn))
        self._more(conn)  # mostly it is there already
        if len(self.arriving) > MOST_ARRIVING:
            self._drop(next(iter(self.arriving)))

    def _more(self, conn: TConn, _client: object = None) -> None:
        arrived = self.arriving[conn]
        try:
            piece = conn.sock.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            self._drop(conn)
            return
        arrived += piece
        if not piece:
            self._drop(conn)
        elif is_whole(arrived):
            self._hand_over(conn)
        elif is_too_long(arrived):
            self._refuse(conn)

    def _hand_over(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        arrived = bytes(self.arriving.pop(conn))
        conn.sock.setblocking(True)
        conn.data_ready = True
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(arrived)
        self.enqueue_req(conn)

    def _refuse(self, conn: TConn) -> None:
        """Say that an address is too long. What still comes is thrown away."""
        self.arriving.pop(conn, None)
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        with contextlib.suppress(OSError):
            conn.sock.send(_REFUSAL)
        conn.close(graceful=True)

    def _drop(self, conn: TConn) -> None:
        self.arriving.pop(conn, None)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Drop whoever took too long, and give back memory; called about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self.arriving if conn.timeout < now]:
            self._drop(conn)
        for conn in [conn for conn, cut_at in self.leaving.items() if cut_at < now]:
            self._cut(conn)
        if now >= self.gives_back_at:
            self.gives_back_at = now + EVERY
            give_back()

    def see_off(self, conn: TConn) -> None:
        """Say that nothing more comes, and cut the connection when the client has hung up, or soon."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._says_more, conn))
        except (OSError, KeyError, ValueError):
            conn.close()
            return
        self.leaving[conn] = time.monotonic() + HANG_UP_WITHIN
        if len(self.leaving) > MOST_LEAVING:
            self._cut(next(iter(self.leaving)))

    def _says_more(self, conn: TConn, _client: object) -> None:
        """What still arrives is thrown away: unread, it would cut off the end of the answer."""
        try:
            if conn.sock.recv(READ):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._cut(conn)

    def _cut(self, conn: TConn) -> None:
        self.leaving.pop(conn, None)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        conn.close()


def is_whole(arrived: bytes | bytearray) -> bool:
    """Whether a request can be handed to a thread, which will not have to wait for more of it."""
    end = arrived.find(b"\r\n\r\n")
    if end < 0 or end > MOST_HEAD:
        return False
    head = bytes(arrived[:end])
    if _ASKS_FIRST.search(head):
        return True
    length = _LENGTH.search(head)
    body = int(length.group(1)[:12]) if length else 0
    return body > MOST_HELD or len(arrived) >= end + 4 + body


def is_too_long(arrived: bytes | bytearray) -> bool:
    """Whether more than an address and what belongs to it came before the first empty line."""
    return len(arrived) > MOST_HEAD and arrived.find(b"\r\n\r\n", 0, MOST_HEAD + 4) < 0


def _passes(problem: OSError) -> None:
    """Bear what passes by itself. :raises OSError: anything else."""
    if problem.errno in {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}:
        time.sleep(PAUSE)  # the listener stays ready, and asking again at once would keep a core busy
    elif problem.errno not in {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}:
        raise problem
