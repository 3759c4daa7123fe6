"""What a person may send about titles: claims, proofs, answers to learners, decisions, institutions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from community.accounts import title_words, words
from community.accounts.models import AFFILIATIONS, PROFESSIONS
from community.accounts.professions import specialties
from community.accounts.services.credentials import REASONS
from community.accounts.services.credentials_claims import FEDERAL
from community.accounts.services.institutions import KINDS
from community.core.forms import Form, options
from community.core.forms import Words as Length
from community.core.i18n import current_language
from community.core.regions import provinces

_NOT_COMPLETED = {"autocomplete": "off", "spellcheck": "false"}


def _places(*, country: bool = False) -> list[SelectChoice]:
    lang = current_language()
    listed = [(place.code, place.name(lang)) for place in provinces()]
    first = [(FEDERAL, words.place_name(FEDERAL))] if country else []
    return options([("", _l("Choose")), *first, *listed])


def _professions() -> list[SelectChoice]:
    named = [(code, words.capital(words.profession_name(code))) for code in PROFESSIONS]
    return options([("", _l("Choose")), *named])


class ClaimForm(Form):
    """A professional title to be checked."""

    profession = SelectField(_l("Profession"), validate_choice=False)
    specialty = SelectField(
        _l("Specialty"), description=_l("For physicians; others leave it empty."), validate_choice=False
    )
    jurisdiction = SelectField(_l("Province or territory of the licence"), validate_choice=False)
    number = StringField(
        _l("Licence or member number"),
        description=_l(
            "Kept only in a form that cannot be read back, with its last three characters. "
            "Leave it empty only where no college keeps a register of your profession."
        ),
        render_kw=_NOT_COMPLETED,
        validators=[Length(0, 30, _l("The number"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profession.choices = _professions()
        named = [(code, title_words.specialty_name(code)) for code in specialties()]
        self.specialty.choices = options([("", _l("None of these")), *named])
        self.jurisdiction.choices = _places()


class AffiliationForm(Form):
    """Where somebody works, to be checked."""

    profession = SelectField(_l("Kind of organization"), validate_choice=False)
    organization = StringField(
        _l("Ministry, agency or organization"),
        description=_l("Those who check read it; it does not stand beside your name."),
        validators=[Length(3, 120, _l("The name"))],
    )
    jurisdiction = SelectField(_l("Where it acts"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, title_words.affiliation_name(code)) for code in AFFILIATIONS]
        self.profession.choices = options([("", _l("Choose")), *named])
        self.jurisdiction.choices = _places(country=True)


class LearnerForm(Form):
    """A learner asks for the word of a professional."""

    supervisor = StringField(
        _l("The name your supervisor writes under here"),
        description=_l("Exactly as it stands beside what they write. They read your name and answer."),
        render_kw=_NOT_COMPLETED,
        validators=[Length(2, 80, _l("The name"))],
    )
    jurisdiction = SelectField(_l("Province or territory where you learn"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction.choices = _places()


class AddressForm(Form):
    """An institutional address, used once and kept nowhere."""

    address = StringField(
        _l("Your address at the institution"),
        description=_l("Used once, to send the code. It is not kept."),
        render_kw={"type": "email", "autocomplete": "email", "spellcheck": "false"},
        validators=[Length(6, 254, _l("The address"))],
    )


class MailboxCodeForm(Form):
    """The code that came to that address."""

    code = StringField(
        _l("Code received"),
        description=_l("Eight digits. It works once, for half an hour."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
        validators=[Length(8, 20, _l("The code"))],
    )


class VouchForm(Form):
    """The answer to a learner, by a button."""

    act = HiddenField(validators=[InputRequired()])


class DecisionForm(Form):
    """What a coordinator decides on a title."""

    decision = RadioField(
        _l("Decision"), validate_choice=False, validators=[InputRequired(_l("Choose one."))]
    )
    because = SelectField(_l("Reason"), validate_choice=False, validators=[InputRequired(_l("Choose one."))])
    number = StringField(
        _l("Number read in the register"),
        description=_l("To be compared with the one that was claimed; it is not kept."),
        render_kw=_NOT_COMPLETED,
    )
    spoke = BooleanField(_l("I spoke with this person by video today and saw their licence or their badge."))
    reason = TextAreaField(
        _l("What you looked at, or why"),
        description=_l("The person reads this, and it stays. No number, no name of anybody else."),
        validators=[Length(3, 1000, _l("The reason"))],
    )

    def offer(self, possible: tuple[str, ...], profession: str) -> None:
        """Offer these decisions, and the reasons that go with them."""
        named = ((each, title_words.decision_name(each, profession)) for each in possible)
        self.decision.choices = options(named)
        codes = dict.fromkeys(code for each in possible for code in REASONS[each])
        listed = [(code, title_words.reason_name(code)) for code in sorted(codes, key=lambda c: c == "other")]
        self.because.choices = options([("", _l("Choose")), *listed])


class InstitutionForm(Form):
    """An institution for the list."""

    kind = SelectField(_l("What shows it"), validate_choice=False)
    value = StringField(
        _l("Domain or issuer"),
        description=_l(
            "hospital.example also covers mail.hospital.example. "
            "An issuer is the https address of its sign-in."
        ),
        render_kw=_NOT_COMPLETED,
        validators=[Length(4, 255, _l("The domain"))],
    )
    name = StringField(_l("Name of the organization"), validators=[Length(2, 120, _l("The name"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((kind, title_words.institution_kind(kind)) for kind in KINDS)
