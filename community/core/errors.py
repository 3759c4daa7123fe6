"""What can go wrong, with its HTTP status and a sentence for the person.

Raised anywhere (services know no HTTP), turned into a page or JSON by one handler
(``community.core.failures``) that says what happened, that nothing was lost, and what to do.
"""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l

Words = object  # a str or a lazy translation; both become text with str()


class CommunityError(Exception):
    """Base of every expected error. ``sentence`` is shown to the person, in their language."""

    status: ClassVar[int] = 400
    default: ClassVar[Words] = _l("The request could not be understood.")

    def __init__(self, sentence: Words | None = None) -> None:
        super().__init__(type(self).__name__)
        self.sentence: Words = self.default if sentence is None else sentence


class BadRequest(CommunityError):
    """The request is not well formed."""


class NotAllowed(CommunityError):
    """The thing may be seen, but this may not be done with it."""

    status = 403
    default = _l("You may read this, but you cannot do that here.")


class NotFound(CommunityError):
    """It does not exist, or may not be seen: both answer alike."""

    status = 404
    default = _l("There is nothing at this address.")


class Conflict(CommunityError):
    """Somebody was faster. Carries both texts so that nothing is lost."""

    status = 409
    default = _l("This was changed by someone else in the meantime.")

    def __init__(self, sentence: Words | None = None, *, yours: str = "", theirs: str = "") -> None:
        super().__init__(sentence)
        self.yours = yours
        self.theirs = theirs


class Gone(CommunityError):
    """It was public and was withdrawn."""

    status = 410
    default = _l("This was withdrawn.")


class TooLarge(CommunityError):
    """More than the site takes at once."""

    status = 413
    default = _l("This is larger than the site accepts.")


class Invalid(CommunityError):
    """A field holds something that cannot be kept; names the field."""

    status = 422

    def __init__(self, field: str, sentence: Words, *, kept: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.kept = kept


class TooOften(CommunityError):
    """A limit was reached; ``after`` seconds later it is possible again."""

    status = 429
    default = _l("That was a lot in a short time. Wait a moment, then try again.")

    def __init__(self, sentence: Words | None = None, *, after: int = 60) -> None:
        super().__init__(sentence)
        self.after = after


class Unavailable(CommunityError):
    """The database or the disk does not take anything right now."""

    status = 503
    default = _l("The site cannot save anything right now. Nothing was changed. Try again in a minute.")
