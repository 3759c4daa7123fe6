"""How much of a request has arrived: each piece is looked at once, however small the pieces are.

Whatever says when a request is whole must know it better than what reads it afterwards, and refuse what it
does not understand: a thread that is given too early waits for as long as the client likes.
"""

from __future__ import annotations

import re
from enum import Enum

MOST_HEAD = 128 * 1024  # bytes of an address with what is said beside it: some fifteen thousand words
MOST_HELD = 4 * 1024 * 1024  # bytes of one request; what is larger is read from its connection
MOST_LINE = 256  # bytes of the line before a piece of a body
MOST_TRAILERS = 8 * 1024
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*0*(\d*)")
_IN_PIECES = re.compile(rb"(?im)^transfer-encoding[ \t]*:")
_ASKS_FIRST = re.compile(rb"(?im)^expect[ \t]*:[ \t]*100-continue[ \t]*\r\n")
_SIZE = re.compile(rb"([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?", re.IGNORECASE)


class State(Enum):
    """What is to be done with a request."""

    MORE = "wait for more of it"
    WHOLE = "hand it over"
    LARGE = "hand it over, to be read from its connection or refused"
    TOO_LONG = "refuse its address"
    BROKEN = "refuse it: its pieces do not fit together"


class Arrival:
    """The bytes of a request so far (RFC 9112, sections 6 and 7)."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.came = 0  # bytes
        self.asks_first = False  # its sender waits for :data:`GO_ON`
        self._at = 0  # where to look on
        self._after_piece = False
        self._look = Arrival._head  # of the class: its own would hold its bytes until the collector comes

    def add(self, piece: bytes) -> State:
        """Take what came, and say what is to be done."""
        self.held += piece
        self.came += len(piece)
        return self._look(self)

    def _head(self) -> State:
        end = self.held.find(b"\r\n\r\n", self._at, MOST_HEAD + 4)
        if end < 0:
            self._at = max(0, len(self.held) - 3)
            return State.TOO_LONG if len(self.held) > MOST_HEAD else State.MORE
        head = bytes(self.held[: end + 2])
        in_pieces, length = _IN_PIECES.search(head), _LENGTH.search(head)
        body = int(length.group(1)[:12] or 0) if length else 0
        if not in_pieces and body > MOST_HELD:
            return State.LARGE
        end -= self._forget_asking(head)
        self._at = end + 4 if in_pieces else end + 4 + body
        self._look = Arrival._pieces if in_pieces else Arrival._counted
        return self._look(self)

    def _forget_asking(self, head: bytes) -> int:
        """Note that the sender asks first, and take the question out, as it is answered here.

        :returns: how many bytes were taken out."""
        if not head.partition(b"\r\n")[0].endswith(b"HTTP/1.1"):
            return 0  # section 10.1.1 of RFC 9110: older ones are not answered
        plain, self.asks_first = _ASKS_FIRST.sub(b"", head), bool(_ASKS_FIRST.search(head))
        self.held[: len(head)] = plain
        return len(head) - len(plain)

    def _counted(self) -> State:
        return State.WHOLE if len(self.held) >= self._at else State.MORE

    def _pieces(self) -> State:
        """Follow the sizes of the pieces, to the empty one and the lines after it."""
        while self._at <= len(self.held):
            if self._after_piece and self.held[self._at - 2 : self._at] != b"\r\n":
                return State.BROKEN
            self._after_piece = False
            end = self.held.find(b"\r\n", self._at, self._at + MOST_LINE)
            if end < 0:
                broken = len(self.held) - self._at >= MOST_LINE
                return State.BROKEN if broken else self._unless_large()
            size = _SIZE.fullmatch(self.held, self._at, end)
            if not size:
                return State.BROKEN
            length = int(size.group(1), 16)
            if not length:
                self._at, self._look = end, Arrival._trailers
                return self._trailers()
            self._at, self._after_piece = end + 2 + length + 2, True
        return self._unless_large()

    def _trailers(self) -> State:
        end = self.held.find(b"\r\n\r\n", self._at, self._at + MOST_TRAILERS)
        if end >= 0:
            return State.WHOLE
        broken = len(self.held) - self._at >= MOST_TRAILERS
        return State.BROKEN if broken else State.MORE

    def _unless_large(self) -> State:
        return State.LARGE if max(self._at, len(self.held)) > MOST_HELD + MOST_HEAD else State.MORE
