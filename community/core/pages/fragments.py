"""Parts of pages that are the same for many readers, rendered once.

A part is kept under everything it is made of: the values that stand in it are its key. So it can be wrong
for nobody, and nothing has to be told when a row changes: other values are another part. What differs from
one use to the next and would make each part its own (the key of a post, a name) is left open as a *place*.

In a template::

    {% call(key) rendered_once(("acts", post.reactions, post.may_edit), post.key) %}
    <a href="{{ url_for("forum.edit", key=key) }}">…</a>
    {% endcall %}

Forms in it carry the token of the request that uses it, masked anew as on any page.
"""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from community.core import clock
from community.core.i18n import current_language
from community.core.pages.shared import in_making

MOST_BYTES = 8 * 1024 * 1024  # of a process
MOST_ONCE = 4_096  # parts of which only that they were made is known
_PLACE_BYTES = 256  # of a name, roughly, and of its place in the dictionary
_TOKEN = "\x00token\x00"  # noqa: S105 - no text that people write holds a NUL
# Plain letters, so that an address takes them as they are. A part holds no text that people wrote but
# what is in its places.
_DRAWN = secrets.token_hex(8)  # so that nobody can write one
_PLACES = tuple(f"ZZplace{_DRAWN}Z{one}ZZ" for one in ("one", "two", "three"))


class Fragments:
    """The parts of one process; all of them go when they are too many."""

    def __init__(self) -> None:
        self.kept: dict[Hashable, str] = {}
        self.bytes = 0
        self._once: set[int] = set()  # parts that were made once, and may never be asked for again
        self._lock = threading.Lock()

    def comes_again(self, name: Hashable) -> bool:
        """Whether this part was made before; the first time it is only remembered that it was."""
        called = hash(name)
        if called in self._once:
            return True
        if len(self._once) >= MOST_ONCE:
            self._once = set()
        self._once.add(called)
        return False

    def put(self, name: Hashable, part: str) -> None:
        """Keep a part."""
        with self._lock:
            more = sys.getsizeof(part) + _PLACE_BYTES
            if self.bytes + more > MOST_BYTES:
                self.kept, self.bytes = {}, 0
            if name not in self.kept:  # two may have rendered it at once
                self.kept[name] = part
                self.bytes += more


def init_app(app: Flask) -> None:
    """Give templates ``rendered_once``."""
    app.extensions["fragments"] = Fragments()
    app.jinja_env.globals.update(rendered_once=rendered_once, this_minute=this_minute)


def this_minute() -> int:
    """For a part that says how long ago something was: it is another one each minute."""
    return int(clock.now().timestamp()) // 60


def rendered_once(
    made_of: tuple[Any, ...], *places: object, caller: Callable[..., str], various: bool = False
) -> Markup:
    """The part that is made of these values, with these in its places.

    :param made_of: a name for the part, then every value that stands in it or decides about it. The
        language of the page is always one of them.
    :param places: what the block of the template gets as arguments, put in when the part is used.
    :param various: most such parts are asked for once only (what a search found): kept the second time.
    """
    if current_app.extensions["settings"].stage == "development":  # templates are being worked on
        return Markup(caller(*places))  # noqa: S704 - a template's own block
    fragments: Fragments = current_app.extensions["fragments"]
    # What is made for a page of many holds its places: it is another part.
    name: tuple[Hashable, ...] = (current_language(), in_making(), made_of)
    try:
        part = fragments.kept.get(name)
    except TypeError:  # a list among them, or what has no hash
        name = (*name[:2], _frozen(made_of))
        part = fragments.kept.get(name)
    if part is None:
        part = _render(caller, len(places))
        if not various or fragments.comes_again(name):
            fragments.put(name, part)
    for mark, value in zip(_PLACES, places, strict=False):
        part = part.replace(mark, str(escape(value)))
    if _TOKEN in part:
        part = part.replace(_TOKEN, generate_csrf())
    return Markup(part)  # noqa: S704 - made of templates and of escaped values


def _render(caller: Callable[..., str], places: int) -> str:
    part = str(caller(*_PLACES[:places]))
    token = g.get("csrf_token")
    return part.replace(token, _TOKEN) if token else part


def _frozen(value: Any) -> Hashable:
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(one) for one in value)
    return value if isinstance(value, Hashable) else repr(value)
