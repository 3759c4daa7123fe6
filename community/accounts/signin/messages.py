"""Flask-Security's messages in our words: what happened, and what to do. Looked up in our catalogue."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for translation; Flask-Security translates it when it is shown."""
    return text


MESSAGES = {
    "GENERIC_AUTHN_FAILED": (
        _(
            "The address or name and the password do not go together, or the address is not confirmed yet. "
            "Check both, then try again."
        ),
        "brick",
    ),
    "CONFIRM_REGISTRATION": (_("One step is left: open the link in the mail we have sent."), "ok"),
    "CONFIRMATION_REQUEST": (_("If an account waits for this address, a mail is on its way."), "ok"),
    "PASSWORD_RESET_REQUEST": (
        _("If somebody has an account with this address, a mail is on its way."),
        "ok",
    ),
    "EMAIL_CONFIRMED": (_("Your address is confirmed. You can sign in."), "ok"),
    "ALREADY_CONFIRMED": (_("This address is confirmed already. You can sign in."), ""),
    "INVALID_CONFIRMATION_TOKEN": (_("This link does not work. Ask for a new one below."), "gold"),
    "CONFIRMATION_EXPIRED": (_("This link is too old. Ask for a new one below."), "gold"),
    "CONFIRMATION_REQUIRED": (_("Confirm your address first."), "gold"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _("This link does not work, or was used already. Ask for a new one below."),
        "gold",
    ),
    "PASSWORD_RESET_EXPIRED": (_("This link is too old. Ask for a new one below."), "gold"),
    "PASSWORD_RESET_NO_LOGIN": (
        _("Your password is changed, and you are signed out everywhere. Sign in with the new one."),
        "ok",
    ),
    "PASSWORD_CHANGE": (_("Your password is changed. Other browsers are signed out."), "ok"),
    "PASSWORD_IS_THE_SAME": (_("The new password is the old one. Choose another."), "brick"),
    "PASSWORD_NOT_PROVIDED": (_("Write your password."), "brick"),
    "INVALID_PASSWORD": (_("This is not your password."), "brick"),
    "EMAIL_NOT_PROVIDED": (_("Write your address."), "brick"),
    "INVALID_EMAIL_ADDRESS": (_("This does not look like an address."), "brick"),
    "USER_DOES_NOT_EXIST": (_("The address and the password do not go together."), "brick"),
    "DISABLED_ACCOUNT": (_("This account is closed."), "brick"),
    "REAUTHENTICATION_REQUIRED": (_("Write your password once more to go on."), ""),
    "REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You can go on."), "ok"),
    "UNAUTHENTICATED": (_("Sign in to see this."), ""),
    "UNAUTHORIZED": (_("You may read this, but you cannot do that here."), "brick"),
    "INVALID_REDIRECT": (_("That address is not part of this site."), "brick"),
    "API_ERROR": (_("The request could not be understood."), "brick"),
}
