"""A community with its web servers, as an operator runs them: real processes, real sockets."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from community.core.db import db
from community.core.sealing import write_keyring
from ground.serving import web_server
from tests.cast import assemble
from tests.conftest import RING, build_app
from tests.doors import free_port
from tests.live.wire import Wire, opened
from tests.make.world import World, build
from tests.servers import _valkey_program
from tests.starting import Process, started

SPACES = ("public-square", "opioids", "lived-experience")


class Away:
    """A Redis that can be taken away and brought back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None
        self.back()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"unix://{self.socket}"

    def back(self) -> None:
        """Start it."""
        quiet = ["--port", "0", "--save", "", "--dir", str(self.socket.parent)]
        command = [str(_valkey_program()), "--unixsocket", str(self.socket), *quiet]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(self.socket.exists)

    def gone(self) -> None:
        """Kill it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.socket.unlink(missing_ok=True)


@dataclass
class Server:
    """One web server process of the community."""

    port: int
    process: Process
    log: Path

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):  # noqa: S310 - ours
                return True
        except OSError:
            return False

    def wire(self, cookie: str = "", **more: Any) -> Wire:
        """A page of somebody opens a socket here."""
        return opened(self.address, cookie=cookie, **more)

    def get(self, path: str, cookie: str = "") -> str:
        """A page."""
        return self._asked(urllib.request.Request(self.address + path), cookie)[0]  # noqa: S310 - ours

    def post(self, path: str, cookie: str, form: str, **fields: str) -> str:
        """Send a form that stands on the page ``form``."""
        # With the page comes a cookie that knows its token.
        page, cookie = self._asked(urllib.request.Request(self.address + form), cookie)  # noqa: S310 - ours
        hidden = dict(re.findall(r'type="hidden" name="(csrf_token|idem)" value="([^"]*)"', page))
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        return self._asked(urllib.request.Request(self.address + path, data), cookie)[0]  # noqa: S310 - ours

    def _asked(self, asked: urllib.request.Request, cookie: str) -> tuple[str, str]:
        """The page, and the cookie as it is afterwards."""
        if cookie:
            asked.add_header("Cookie", cookie)
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - ours
            for given in answer.headers.get_all("Set-Cookie") or ():
                if given.startswith("session="):
                    cookie = given.partition(";")[0]
            return answer.read().decode(), cookie


@dataclass
class Community:
    """The application of the test itself, which acts as a worker process would, and its servers."""

    app: Flask
    world: World
    folder: Path
    redis: Away
    servers: list[Server] = field(default_factory=list)

    def cookie(self, who: str) -> str:
        """A new session of one of the cast, as their browser holds it."""
        client = self.world.cast[who].signs_in(self.app.test_client())
        kept = client.get_cookie("session")
        assert kept is not None
        return f"session={kept.value}"

    def topic(self, name: str) -> str:
        """The key of a topic."""
        return self.world.topics[name].key

    def told(self) -> None:
        """Let what was saved here be told to all processes, as the thread of a worker does."""
        db.session.remove()
        while self.app.extensions["live"].channel.turn():
            pass

    def serve(self, **environment: str) -> Server:
        """Start one more web server; it is there when ``ready`` says so."""
        port = free_port()
        log = self.folder / f"server-{port}.log"
        settings = self.app.extensions["settings"]
        # What whoever runs the tests has set is not meant for these servers.
        clean = {name: value for name, value in os.environ.items() if name not in ("MAIL_URL", "SITE_NAME")}
        with log.open("wb") as output:
            _python, _m, module, *words = map(str, web_server(f"127.0.0.1:{port}"))
            settings_of_its_own = {
                **clean,
                "PASSERELLE_ENV": "development",
                "INSTANCE_DIR": str(self.folder),
                "KEY_FILE": str(self.folder / "keys"),
                "DATABASE_URL": settings.database_url,
                "BASE_URL": f"http://127.0.0.1:{port}",
                "JOBS": "none",
                "REDIS_URL": self.redis.url,
                **environment,
            }
            process = started(module, *words, environment=settings_of_its_own, output=output)
        self.servers.append(Server(port, process, log))
        return self.servers[-1]

    def end(self) -> None:
        """Stop everything."""
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
        self.redis.gone()


@contextlib.contextmanager
def gathered(folder: Path, name: str) -> Iterator[Community]:
    """A small community, and a Redis; no server yet."""
    redis = Away(folder)
    write_keyring(folder / "keys", RING.secrets)
    app = build_app(folder, name, REDIS_URL=redis.url)
    with app.app_context():
        community = Community(app, build(assemble(), SPACES), folder, redis)
        db.session.expunge_all()
        community.told()
        try:
            yield community
        finally:
            community.end()
            db.session.remove()
            db.engine.dispose()


def wait(look: Any, seconds: float = 40) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"waited {seconds} s"
        time.sleep(0.05)
