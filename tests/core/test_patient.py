"""When a request has arrived whole: only then a thread is given to it."""

from __future__ import annotations

import gc
import weakref

import pytest

from community.core.arrival import MOST_HEAD, MOST_HELD, Arrival, State

FORM = b"POST /x HTTP/1.1\r\nHost: a\r\ncontent-LENGTH : 5\r\n\r\n"

ASKS = b"POST /x HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n"
PIECES = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("arrived", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nX-Content-Length: 9\r\n\r\n", True),
        (FORM, False),
        (FORM + b"abcd", False),
        (FORM + b"abcde", True),
        (FORM + b"abcde and the next one", True),
        (b"GET / HTTP/1.1\r\nContent-Length: 000\r\n\r\n", True),
        (b"POST /x HTTP/1.1\r\nContent-Length: 0000000000000005\r\n\r\nabcd", False),
        # Whoever asks first is told to go on, and then waited for like others.
        (ASKS + b"\r\n", False),
        (ASKS + b"\r\nabcde", True),
        (ASKS.replace(b"1.1", b"1.0") + b"\r\nabcd", False),
        # In pieces: each says how long it is, and an empty one ends them.
        (PIECES, False),
        (PIECES + b"5\r\nabcde\r\n", False),
        (PIECES + b"5\r\nabcde\r\n0\r\n", False),
        (PIECES + b"5\r\nabcde\r\n0\r\n\r\n", True),
        (PIECES + b"A;x=y\r\n0\r\n\r\n01234\r\n", False),
        (PIECES + b"A;x=y\r\n0\r\n\r\n01234\r\n0\r\nEnd: 1\r\n", False),
        (PIECES + b"A;x=y\r\n0\r\n\r\n01234\r\n0\r\nEnd: 1\r\n\r\nGET /", True),
        (b"GET /" + b"x" * MOST_HEAD, False),
    ],
)
def test_a_request_waits_until_all_of_it_is_there(arrived, whole):
    assert (_last(arrived) is State.WHOLE) is whole
    by_one = [arrived[at : at + 1] for at in range(len(arrived))] if len(arrived) < MOST_HEAD else [arrived]
    assert (_last(*by_one) is State.WHOLE) is whole


@pytest.mark.parametrize(
    ("arrived", "state"),
    [
        (b"GET /" + b"x" * (MOST_HEAD - 5), State.MORE),
        (b"GET /" + b"x" * MOST_HEAD, State.TOO_LONG),
        (b"GET /" + b"x" * MOST_HEAD + b" HTTP/1.1\r\nHost: a\r\n\r\n", State.TOO_LONG),
        (FORM + b"x" * MOST_HEAD, State.WHOLE),
        # Too much to be held: to be refused by the site, or read from its connection.
        (b"POST /x HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_HELD + 1), State.LARGE),
        (b"POST /x HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", State.LARGE),
        (b"POST /x HTTP/1.1\r\nContent-Length: " + b"0" * 50 + b"9" * 12 + b"\r\n\r\n", State.LARGE),
        (PIECES + b"7fffffff\r\n", State.LARGE),
        (PIECES + b"-5\r\n", State.BROKEN),
        (PIECES + b"\r\n", State.BROKEN),
        (PIECES + b"0x5\r\n", State.BROKEN),
        (PIECES + b"123456789\r\n", State.BROKEN),
        (PIECES + b"5\r\nabcdefg\r\n", State.BROKEN),
        (PIECES + b"1" * 300, State.BROKEN),
        (PIECES + b"0\r\nEnd: " + b"x" * 9000, State.BROKEN),
    ],
)
def test_what_is_not_to_be_waited_for_is_known_from_its_first_bytes(arrived, state):
    assert _last(arrived) is state


def test_whoever_asks_first_is_answered_once_and_the_question_is_gone():
    arrival = Arrival()
    assert (arrival.add(ASKS + b"\r\n"), arrival.asks_first) == (State.MORE, True)
    assert arrival.add(b"abcde") is State.WHOLE
    assert bytes(arrival.held) == ASKS.replace(b"Expect: 100-Continue\r\n", b"") + b"\r\nabcde"
    old = Arrival()
    old.add(ASKS.replace(b"1.1", b"1.0") + b"\r\n")
    assert not old.asks_first


def test_its_bytes_go_as_soon_as_it_does():
    gc.disable()
    try:
        arrival = Arrival()
        gone = weakref.ref(arrival)
        arrival.add(PIECES + b"5\r\n")
        del arrival
        assert gone() is None
    finally:
        gc.enable()


def _last(*pieces: bytes) -> State:
    arrival, state = Arrival(), State.MORE
    for piece in pieces:
        state = arrival.add(piece)
        if state is not State.MORE:
            break
    return state
