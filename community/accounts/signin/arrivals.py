"""A short waiting room before joining: programs that fill in forms by the hundred are turned away.

Nobody has to solve a riddle and nothing is asked of another site. A person takes more than a moment to
read a form, and leaves alone a field that they do not see. What is refused here is said, and kept.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from community.core import clock
from community.core.sealing import CannotUnseal, seal_text, unseal_text

OPEN_FOR = timedelta(hours=24)
_SEAL = "form opened"


def init_app(app: Flask) -> None:
    """How many seconds a form of joining takes at least; 0 opens the door at once, as tests do."""
    app.config.setdefault("JOINING_TAKES", 0 if app.testing else 3)


def _takes() -> timedelta:
    return timedelta(seconds=current_app.config["JOINING_TAKES"])


def opened_now() -> str:
    """This second, sealed: a form says with it when it was opened, and nobody can say it earlier."""
    return seal_text(_SEAL, str(int(clock.now().timestamp())))


def opened_at(sealed: str) -> datetime | None:
    """When a form was opened; None where this site did not say so."""
    try:
        return datetime.fromtimestamp(int(unseal_text(_SEAL, sealed)), UTC)
    except (CannotUnseal, ValueError):
        return None


class Unhurried:
    """A form that a person opens, reads and fills in. Comes first among the parents of a form."""

    # Off the page, out of the way of the keyboard and of screen readers: only programs fill it in.
    homepage = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})
    opened = HiddenField(default=lambda: opened_now() if _takes() else "")

    def validate(self, **kwargs: Any) -> bool:
        """As the form says, and that it was not a program; asked in the same way for every address."""
        good = bool(super().validate(**kwargs))  # type: ignore[misc]
        form: Any = self
        if form.homepage.data:
            form.homepage.data = ""
            said = _("A field that stays empty was filled in, perhaps by your browser. It is empty again.")
            form.homepage.errors = [said]
            return False
        # Whoever has something to correct is asked to do that first. That an address is known is no fault.
        said = self._hurry() if set(form.errors) <= {"email"} else ""
        if said:
            form.form_errors.append(said)
        return good and not said

    def _hurry(self) -> str:
        """What is said to whoever sends at once, or what another program filled in; empty otherwise."""
        takes = _takes()
        if not takes:
            return ""
        opened: Any = self.opened
        at = opened_at(opened.data or "")
        if at is None or not timedelta(0) <= clock.now() - at < OPEN_FOR:
            opened.data = opened_now()
            return _(
                "This page was open for a long time. What you wrote is kept, but for the password: type it"
                " and send once more."
            )
        if clock.now() - at < takes:
            return _(
                "That was very quick. What you wrote is kept, but for the password: wait a few seconds,"
                " type it and send again."
            )
        return ""
