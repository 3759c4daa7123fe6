"""What a member is told of by mail: every change of how they sign in, in one sentence without a name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

_SENTENCES = {
    "passkey added": _l("A passkey was added to your account."),
    "passkey removed": _l("A passkey was removed from your account."),
    "app added": _l("An app that shows codes was set up for your account."),
    "app removed": _l("The app that shows codes was removed from your account."),
    "codes made": _l("New rescue codes were made for your account; those from before open nothing."),
    "code used": _l("One of your rescue codes was used."),
    "sign-in added": _l("A sign-in through another provider was added to your account."),
    "sign-in removed": _l("A sign-in through another provider was removed from your account."),
    "address changed": _l("The address of your account was changed."),
    "signed out": _l("An administrator was asked to, and signed your account out in every browser."),
    "new device": _l("Your account was opened in a browser that it was never opened in before."),
}
KINDS = tuple(_SENTENCES)


def sentence(kind: str) -> str:
    """What happened, in the language that is being spoken."""
    return str(_SENTENCES[kind])
