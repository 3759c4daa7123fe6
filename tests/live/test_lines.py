"""A line that ends wakes whoever listens on it, whatever ended it."""

from __future__ import annotations

import socket
import time

import pytest
from simple_websocket import ConnectionClosed
from wsproto import ConnectionType, WSConnection
from wsproto.events import Request, TextMessage

from community.live.wire import Line

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture
def ends():
    """A line, and the browser at its other end."""
    here, there = socket.socketpair()
    browser = WSConnection(ConnectionType.CLIENT)
    browser.send(Request(host="x", target="/"))
    environ = {
        "gunicorn.socket": here,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "HTTP_HOST": "x",
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_KEY": (browser.handshake._nonce or b"").decode(),
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
    }
    line = Line(environ, max_message_size=100)
    browser.receive_data(there.recv(4096))
    assert list(browser.events())
    yield line, browser, there
    there.close()
    line.thread.join(5)
    here.close()


def test_a_message_that_is_too_long_ends_it_at_once(ends):
    line, browser, there = ends
    there.sendall(browser.send(TextMessage("x" * 101)))
    began = time.monotonic()
    with pytest.raises(ConnectionClosed):
        line.receive(timeout=10)
    assert time.monotonic() - began < 5


def test_what_was_said_before_the_end_is_heard(ends):
    line, browser, there = ends
    there.sendall(browser.send(TextMessage("x" * 99)))
    assert line.receive(timeout=10) == "x" * 99
    there.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ConnectionClosed):
        line.receive(timeout=10)


def test_it_may_be_ended_from_two_sides_at_once(ends):
    line, _browser, there = ends
    there.shutdown(socket.SHUT_RDWR)
    line.thread.join(5)
    line.sock.close()
    line.connected = True  # as the other thread still sees it
    line.close()
    line.close()
    assert not line.connected
