"""What a person may send who joins by a sign-in elsewhere."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

from community.accounts.forms import NameFields
from community.accounts.services import joining
from community.accounts.services.personas import Wish
from community.core.forms import Form, options
from community.core.i18n import current_language


class JoinElsewhereForm(NameFields, Form):
    """Everything that joining asks but a way to sign in; nothing is ticked beforehand."""

    kind = RadioField(
        _l("How do you want to take part?"),
        choices=options([("public", _l("Under my own name")), ("protected", _l("Under a protected name"))]),
        validate_choice=False,
    )
    age = BooleanField(_l("I am 14 or older"), validators=[DataRequired(_l("Members are 14 or older."))])
    charter = BooleanField(
        _l("I have read the charter and agree to it"),
        validators=[DataRequired(_l("Read the charter; whoever takes part agrees to it."))],
    )
    research = BooleanField(_l("My answers to surveys may serve research, without my name"))

    def wish(self) -> Wish:
        """The name that is asked for."""
        return self.read_wish(self.kind.data or "", current_language())

    def agreed(self) -> list[str]:
        """The purposes that were ticked."""
        return [purpose for purpose in (*joining.NEEDED, "research") if getattr(self, purpose).data]
