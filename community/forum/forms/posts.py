"""What a person may send about posts: a reply, a changed text, a kept answer, a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Rows
from wtforms.utils import unset_value
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from community.core.forms import Creates, Form, Words, options
from community.core.i18n import NAMES
from community.core.regions import provinces
from community.core.text import MAX_BODY
from community.core.tidy import tidy
from community.forum import words
from community.forum.citations import LONGEST, MOST, Citation, NotASource, cite, recognize
from community.forum.forms.attachments import FileRows
from community.forum.models.posts import NOTES
from community.forum.models.reports import REASONS

_TYPED = ("-ref", "-label")
SPARE_ROWS = 3  # empty rows for sources: a page without script cannot add one


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SourceRow(Rows):  # type: ignore[misc]
    """One source: of what kind, its reference, and what readers see."""

    kind = SelectField(_l("Kind of source"), choices=options(words.SOURCE_KINDS.items()))
    ref = StringField(_l("DOI, number or address"))
    label = StringField(_l("What readers see"))

    @property
    def blank(self) -> bool:
        """Whether nothing was typed in this row."""
        return not (tidy(self.ref.data) or tidy(self.label.data))

    def citation(self) -> Citation:
        """The source that was typed; one pasted under another kind is recognized.

        :raises NotASource: the reference has no known form.
        """
        ref = tidy(self.ref.data)
        found = recognize(ref)
        if found and self.kind.data in {"guideline", "url"}:
            kind = self.kind.data if self.kind.data == "guideline" and found.kind == "url" else found.kind
            return cite(kind, ref, tidy(self.label.data))
        return cite(self.kind.data or "", ref, tidy(self.label.data))


class SourceRows(FieldList):  # type: ignore[misc]
    """The rows of sources; blank ones count for nothing. They are made when somebody looks at them: most
    messages name no source, and making the rows takes longer than the rest of their form."""

    _rows: list[Any] | None = None
    _sent: tuple[Any, ...] = ()

    @property
    def entries(self) -> list[Any]:
        """The rows, at least a few."""
        if self._rows is None:
            super().process(*self._sent)
            super().post_process(self._sent[0])
        return cast(list[Any], self._rows)

    @entries.setter
    def entries(self, rows: list[Any]) -> None:
        self._rows = rows

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Keep what was sent until it is looked at."""
        self._rows, self._sent = None, (formdata, data, extra_filters)
        self.errors: list[str] = []
        self.process_errors: list[str] = []

    def post_process(self, formdata: Any = None) -> None:
        """Done when the rows are made."""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed in any row."""
        if self._rows is not None or not self._sent or self._sent[1] is not unset_value:
            return all(entry.form.blank for entry in self.entries)
        sent: Any = self._sent[0]
        typed = [name for name in sent or () if name.startswith(f"{self.name}-") and name.endswith(_TYPED)]
        return not any(tidy(said) for name in typed for said in sent.getlist(name))

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:
        """Read each row; sentences go to the row's reference and to the summary."""
        self.errors = []
        if self.blank:
            return True
        for place, entry in enumerate(self.entries, start=1):
            if entry.form.blank:
                continue
            try:
                entry.form.citation()
            except NotASource:
                entry.form.ref.errors = [_refusal(entry.form)]
                self.errors.append(_("Source %(n)s:", n=place) + " " + entry.form.ref.errors[0])
        return not self.errors

    def citations(self) -> tuple[Citation, ...]:
        """The sources that were typed, in order. Call it once the form is valid."""
        if self.blank:
            return ()
        return tuple(entry.form.citation() for entry in self.entries if not entry.form.blank)


def _refusal(row: SourceRow) -> str:
    if max(len(row.ref.data or ""), len(row.label.data or "")) > LONGEST or "\x00" in (row.ref.data or ""):
        return _("at most %(n)s characters, without control characters.", n=LONGEST)
    expected = {
        "doi": _("a DOI looks like 10.1000/abc123."),
        "pubmed": _("a PubMed id is a number of up to nine digits."),
        "url": _("an address starts with https://."),
    }
    return expected.get(row.kind.data or "", _("give a reference, or words that readers see."))


class Writes(Creates):
    """What every text of the forum carries: its words, language, content notes, sources."""

    body = TextAreaField(_l("Message"), validators=[Words(1, MAX_BODY, _l("Your message"))])
    lang = SelectField(
        _l("Language of the text"),
        choices=options([("", _l("As it is written")), *NAMES.items()]),
        default="",
    )
    note = Ticks(
        _l("Fold my message under a note"), choices=options((code, words.NOTES[code]) for code in NOTES)
    )
    files = FileRows(_l("Files"))
    sources = SourceRows(FormField(SourceRow), label=_l("Sources"), min_entries=SPARE_ROWS, max_entries=MOST)


class ReplyForm(Writes):
    """A reply."""

    basis = RadioField(
        _l("What it rests on"),
        choices=options([("", _l("Neither, or both")), *words.BASES.items()]),
        default="",
        validators=[Optional()],
    )


class EditForm(ReplyForm):
    """A changed text. ``version`` is the one it was made from: a stale one is told."""

    version = HiddenField()
    lang = SelectField(_l("Language of the text"), choices=options(NAMES.items()))

    def validate(self, extra_validators: Any = None) -> bool:
        """A form without its version is one of another page."""
        valid = bool(super().validate(extra_validators))
        if self.made_from is None:
            self.form_errors.append(_("This form is incomplete. Open the page again and paste your text."))
            return False
        return valid

    @property
    def made_from(self) -> int | None:
        """The version of the post that the form was made from; None when it says none."""
        said = str(self.version.data or "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


class KeepForm(Form):
    """Where a kept answer holds, until when, and what replaces it. Absent fields stay as they are."""

    jurisdiction = SelectField(_l("Where it holds"), validators=[Optional()])
    valid_until = DateField(_l("To review before"), validators=[Optional()])
    superseded_by = SelectField(_l("Replaced by"), validators=[Optional()])

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.jurisdiction.choices = options([("", _("Not said")), *province_choices()])
        self.superseded_by.choices = options([("", _("Nothing: it still stands")), *others])

    def validate_valid_until(self, field: Any) -> None:
        """:raises ValidationError: no date could be read."""
        if field.raw_data and field.raw_data[0] and field.data is None:
            raise ValidationError(_("Write the date as year-month-day."))


class ReportForm(Form):
    """What is wrong with a post."""

    reason = RadioField(
        _l("What is wrong"), choices=options((code, words.REASONS[code]) for code in REASONS), validators=[]
    )
    words = TextAreaField(_l("What should we know?"), validators=[Words(0, 2000, _l("Your explanation"))])

    def validate_reason(self, field: Any) -> None:
        """:raises ValidationError: no reason was chosen."""
        if field.data not in REASONS:
            raise ValidationError(_("Choose one of the reasons."))


def province_choices() -> list[tuple[str, str]]:
    """The provinces and territories, as choices in the language of the page."""
    return [(place.code, words.region_name(place.code)) for place in provinces()]
