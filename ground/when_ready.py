"""What gunicorn is told to do, as its settings module, when ``dev.py run`` starts it."""

from __future__ import annotations

from typing import Any

from config import read_settings
from ground.serving import announce


def post_worker_init(worker: Any) -> None:
    """Print the address once the first worker has loaded the program, and not too early."""
    if worker.age == 1:
        host, port = worker.cfg.address[0]
        announce(host, port, read_settings())
