"""Several who do something at the same moment, each in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from flask import Flask

from community.core.db import db, transaction


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Let these begin together. Returns what each gave, in no order; a fault is given back as it is.

    ``app``: of a community of its own, as threads see only what was really stored.
    """
    together, got = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        with app.app_context():
            together.wait()
            try:
                got.append(act())
            except Exception as problem:
                got.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def stored_at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """The same for changes, each in a transaction of its own."""
    return at_once(app, [partial(_stored, act) for act in acts])


def _stored(act: Callable[[], object]) -> object:
    with transaction():
        return act()
