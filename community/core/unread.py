"""What is answered to a request that is not read: in both languages, as nothing is known of its reader.

gunicorn's own answers are in English and repeat what was sent; so do its lines in the log, which say by whom.
"""

from __future__ import annotations

from gunicorn.http.errors import ExpectationFailed, LimitRequestHeaders, UnsupportedTransferCoding

from community.core.arrival import State

_TOO_LONG = "Cette adresse est trop longue. Rien n’a changé.\nThis address is too long. Nothing changed.\n"
_BROKEN = (
    "Cette demande est mal découpée et n’a pas été lue. Rien n’a changé.\n"
    "The pieces of this request do not fit together, and it was not read. Nothing changed.\n"
)
_UNREAD = (
    "Cette demande ne peut pas être lue. Rien n’a changé.\nThis request cannot be read. Nothing changed.\n"
)
_STATUS: dict[type[BaseException], bytes] = {
    LimitRequestHeaders: b"431 Request Header Fields Too Large",
    ExpectationFailed: b"417 Expectation Failed",
    UnsupportedTransferCoding: b"501 Not Implemented",
}


def _refusal(status: bytes, text: str) -> bytes:
    body = text.encode()
    head = b"Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return b"HTTP/1.1 %s\r\n%s%s" % (status, head % len(body), body)


def unread(fault: BaseException) -> bytes:
    """The answer to what the web server could not read."""
    return _refusal(_STATUS.get(type(fault), b"400 Bad Request"), _UNREAD)


REFUSALS = {
    State.TOO_LONG: _refusal(b"414 URI Too Long", _TOO_LONG),
    State.BROKEN: _refusal(b"400 Bad Request", _BROKEN),
}
