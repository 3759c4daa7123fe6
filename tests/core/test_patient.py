"""When a request has arrived whole: only then a thread is given to it."""

from __future__ import annotations

import pytest

from community.core.patient import MOST_HEAD, MOST_HELD, is_too_long, is_whole

FORM = b"POST /x HTTP/1.1\r\nHost: a\r\ncontent-LENGTH : 5\r\n\r\n"


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
        # Nothing more comes before we say something, or nobody knows how much.
        (b"POST /x HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"GET /" + b"x" * MOST_HEAD, False),
        # To be refused by the site.
        (b"POST /x HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_HELD + 1), True),
        (b"POST /x HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", True),
    ],
)
def test_a_request_waits_until_all_of_it_is_there(arrived, whole):
    assert is_whole(arrived) is whole


@pytest.mark.parametrize(
    ("arrived", "too_long"),
    [
        (b"GET /" + b"x" * (MOST_HEAD - 5), False),  # more of it may come
        (b"GET /" + b"x" * MOST_HEAD, True),
        (b"GET /" + b"x" * MOST_HEAD + b" HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (FORM + b"x" * MOST_HEAD, False),
    ],
)
def test_an_address_without_end_is_too_long(arrived, too_long):
    assert is_too_long(arrived) is too_long
