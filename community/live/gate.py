"""The gate before the sockets: who may open one, decided before a thread is given away.

Each open page keeps a thread of the server for as long as it is open, so there are never more of them
than ``LIVE_SEATS``: the other threads are for pages. Whoever is refused gets a plain answer, and the page
goes on by asking every now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.sansio.utils import get_host

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
PATH = "/socket.io"
REFUSED = "live.refused"


class Gate:
    """WSGI: lets a browser through to the sockets, or leads it to the page that says why not.

    :param pages: the application without sockets; :param sockets: with them.
    :param most: how many may be open at once; :param site: the public address of the site.
    """

    def __init__(self, pages: Wsgi, sockets: Wsgi, most: int, site: str) -> None:
        self.pages, self.sockets, self.most, self.site = pages, sockets, most, site
        self.open = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request; for a socket that is let through, the answer lasts as long as it does."""
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(PATH + "/"):
            return self.pages(environ, start_response)
        reason = self._refusal(environ)
        if reason or not self._enter():
            # Without the wish to upgrade, which no page would answer.
            asked = {name: value for name, value in environ.items() if name != "HTTP_UPGRADE"}
            return self.pages({**asked, REFUSED: reason or "full"}, start_response)
        try:
            return self.sockets(environ, start_response)
        finally:
            with self._lock:
                self.open -= 1

    def _enter(self) -> bool:
        with self._lock:
            if self.open >= self.most:
                return False
            self.open += 1
            return True

    def _refusal(self, environ: Environ) -> str:
        """Why this is no socket of ours; empty when it is."""
        if environ.get("REQUEST_METHOD") != "GET" or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return "upgrade"
        if "transport=websocket" not in environ.get("QUERY_STRING", "").split("&"):
            return "upgrade"
        return "" if self._ours(environ) else "origin"

    def _ours(self, environ: Environ) -> bool:
        """Whether a page of this site asks. A program without cookies has no page, and is a visitor."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None:
            return "HTTP_COOKIE" not in environ
        scheme = environ.get("wsgi.url_scheme", "http")
        here = f"{scheme}://{get_host(scheme, environ.get('HTTP_HOST'))}"
        site = urlsplit(self.site)
        return origin in {here, f"{site.scheme}://{site.netloc}"}
