"""gunicorn's worker with threads, which gives a thread to a request only once all of it has arrived.

gunicorn's own takes one as soon as the first byte is there: a hundred clients that send a letter a second,
on purpose or from a bad line, keep a hundred threads, and nobody else is served. Here they wait in the
poller, which costs a few kilobytes each. An answer is put whole into the system's buffer, so a slow
reader keeps no thread either, unless it is larger than that. The same for what comes in pieces, for who asks
before sending on, and for a second request behind a first. Files too large to be held take a few threads,
never all.

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
import selectors
import socket
import sys
import time
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from community.core.arrival import GO_ON, Arrival, State
from community.core.given_back import EVERY, give_back
from community.core.undocumented import forget_docstrings
from community.core.unread import REFUSALS, unread

ARRIVE_WITHIN = 30.0  # seconds for a request to arrive whole, and
SLOWEST = 16 * 1024  # bytes for each second more
MOST_ARRIVING = 600  # when more do, the one that has taken longest is dropped
MOST_TOGETHER = 48 * 1024 * 1024  # bytes of those that arrive; likewise
LARGE_AT_ONCE = 10  # of those that are read from their connection, by a thread each
LARGE_WITHIN = 300.0  # seconds for such a one to be read
SEND_BUFFER = 256 * 1024
READ = 64 * 1024
HANG_UP_WITHIN = 2.0  # seconds for a client to have read the end, before the connection is cut
MOST_LEAVING = 600
PAUSE = 0.05


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
        self.arriving: dict[TConn, Arrival] = {}  # oldest first
        self.together = 0  # bytes that they hold
        self.large: dict[TConn, float] = {}  # and until when they are read
        self.waiting: dict[TConn, None] = {}  # arriving, but large, while no thread is left for such ones
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

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """End a request. What came behind it waits in the poller like any other; gunicorn would give it a
        thread at once."""
        if self.large.pop(conn, None) is not None:
            self._next_large()
        behind = b""
        if self.alive and not self.cfg.is_ssl and _goes_on(fs):
            behind = conn.parser.unreader.take_buffered()
        if behind:
            self._wait_for(conn, behind)
        else:
            super().finish_request(conn, fs)

    def _wait_for(self, conn: TConn, arrived: bytes = b"") -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + ARRIVE_WITHIN
        self.arriving[conn] = Arrival()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._more, conn))
        if arrived:
            self._take(conn, arrived)
        else:
            self._more(conn)  # mostly it is there already
        self._make_room()

    def _make_room(self) -> None:
        while len(self.arriving) > MOST_ARRIVING or self.together > MOST_TOGETHER:
            self._drop(next(iter(self.arriving)))

    def _more(self, conn: TConn, _client: object = None) -> None:
        if conn not in self.arriving:  # it was dropped since the poller named it
            return
        try:
            piece = conn.sock.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            self._drop(conn)
            return
        if piece:
            self._take(conn, piece)
        else:
            self._drop(conn)
        self._make_room()

    def _take(self, conn: TConn, piece: bytes) -> None:
        arrival = self.arriving[conn]
        asked = arrival.asks_first
        self.together += len(piece)
        conn.timeout += len(piece) / SLOWEST
        state = arrival.add(piece)
        if state is State.WHOLE:
            self._hand_over(conn)
        elif state is State.LARGE:
            self._hand_over_large(conn)
        elif state in REFUSALS:
            self._refuse(conn, REFUSALS[state])
        elif arrival.asks_first and not asked:
            with contextlib.suppress(OSError):
                conn.sock.send(GO_ON)

    def _hand_over(self, conn: TConn) -> None:
        arrived = self._no_longer(conn)
        conn.sock.setblocking(True)
        conn.data_ready = True
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(arrived)
        self.enqueue_req(conn)

    def _hand_over_large(self, conn: TConn) -> None:
        """Have it read from its connection, or let it wait until one of few threads is left for that."""
        if len(self.large) < min(LARGE_AT_ONCE, max(1, self.cfg.threads // 4)):
            self.large[conn] = time.monotonic() + LARGE_WITHIN
            self._hand_over(conn)
        else:
            self.poller.unregister(conn.sock)
            self.waiting[conn] = None

    def _next_large(self) -> None:
        conn = next(iter(self.waiting), None)
        if conn is not None:
            self._hand_over_large(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer it; whoever sends a large one may not pause for ever."""
        if conn in self.large:
            conn.sock.settimeout(ARRIVE_WITHIN)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Refuse what is unreadable, or tell of a fault. Neither repeats what was sent or says by whom."""
        ours = isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName))
        if ours or not isinstance(exc, ParseException):
            super().handle_error(None, client, None, exc)
            return
        self.log.warning("A request could not be read: %s", type(exc).__name__)
        with contextlib.suppress(OSError):
            client.send(unread(exc))

    def _no_longer(self, conn: TConn) -> bytes:
        """Let it be one of those that arrive no more. :returns: what of it has come."""
        arrival = self.arriving.pop(conn, None)
        self.waiting.pop(conn, None)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        held = bytes(arrival.held) if arrival else b""
        self.together -= arrival.came if arrival else 0
        return held

    def _refuse(self, conn: TConn, answer: bytes) -> None:
        """Say why it is not read. What still comes is thrown away."""
        self._no_longer(conn)
        self.nr_conns -= 1
        with contextlib.suppress(OSError):
            conn.sock.send(answer)
        conn.close(graceful=True)

    def _drop(self, conn: TConn) -> None:
        self._no_longer(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Drop whoever took too long, and give back memory; called about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self.arriving if conn.timeout < now]:
            self._drop(conn)
        for conn in [conn for conn, until in self.large.items() if until < now]:
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)  # its thread reads an end
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


def _goes_on(fs: Any) -> bool:
    """Whether a request ended well and its connection stays."""
    return not fs.cancelled() and fs.exception() is None and fs.result() is True


def _passes(problem: OSError) -> None:
    """Bear what passes by itself. :raises OSError: anything else."""
    if problem.errno in {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}:
        time.sleep(PAUSE)  # the listener stays ready, and asking again at once would keep a core busy
    elif problem.errno not in {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}:
        raise problem
