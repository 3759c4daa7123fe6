"""What a person may send to start a topic."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from community.core.forms import Form, Words, options
from community.core.regions import REGIONS
from community.core.text import MAX_BODY
from community.forum import case_words, words
from community.forum.forms.posts import EditForm, Ticks, Writes, province_choices
from community.forum.models.cases import LISTS
from community.forum.models.topics import TITLE_LEAST, TITLE_MOST, TOPIC_KINDS
from community.forum.themes import THEMES


def _title() -> Any:
    return StringField(_l("Title"), validators=[Words(TITLE_LEAST, TITLE_MOST, _l("The title"))])


def _level() -> Any:
    return SelectField(
        _l("What it is about"), choices=options([("", _l("Not said")), *words.LEVELS.items()]), default=""
    )


def _fact(label: Any, known: dict[str, Any]) -> Any:
    return SelectField(label, choices=options([("", _l("Not said")), *known.items()]), default="")


class Bands(Form):
    """The facts of a case, in bands."""

    age = _fact(_l("Age group"), case_words.AGES)
    province = SelectField(_l("Province or territory"), default="")
    setting = _fact(_l("Place of care"), case_words.SETTINGS)
    substances = Ticks(_l("Substances"), choices=options(case_words.SUBSTANCES.items()))
    tried = Ticks(_l("Tried so far"), choices=options(case_words.TRIED.items()))
    asks = _fact(_l("The question is about"), case_words.ASKS)

    def offer_facts(self, offered: bool) -> None:
        """Set their choices, or drop them where no case can be."""
        self.province.choices = options([("", _("Not said")), *province_choices()])
        if not offered:
            for name in LISTS:
                delattr(self, name)

    def facts(self) -> dict[str, Any]:
        """What was chosen; nothing where they were dropped."""
        if "asks" not in self._fields:
            return {}
        several = {name: tuple(self._fields[name].data or ()) for name in ("substances", "tried")}
        return {name: self._fields[name].data or "" for name in LISTS} | several


class TopicForm(Bands, Writes):
    """A question, a case, a discussion or an announcement. The view says which kinds may be chosen, and
    which axes the space leaves open."""

    kind = RadioField(_l("Kind"), default="question")
    title = _title()
    body = TextAreaField(_l("Message"), validators=[Words(1, MAX_BODY, _l("Your message"))])
    level = _level()
    region = SelectField(_l("Region"), default="")
    theme = SelectField(_l("Theme"), default="")

    def offer(self, kinds: list[str], *, region: bool, theme: bool) -> None:
        """Set the choices, and drop the fields of an axis that the space itself decides."""
        self.kind.choices = options((code, words.TOPIC_KINDS[code]) for code in TOPIC_KINDS if code in kinds)
        self.region.choices = options([("", _("No region in particular")), *region_choices()])
        self.theme.choices = options([("", _("No theme in particular")), *theme_choices()])
        self.offer_facts("case" in kinds)
        if not region:
            del self.region
        if not theme:
            del self.theme

    def facts(self) -> dict[str, Any]:
        """What was chosen of a case."""
        return super().facts() if self.kind.data == "case" else {}

    def axis(self, name: str) -> str | None:
        """The region or theme that was chosen; None when none was, or none could be."""
        field = self._fields.get(name)
        return (field.data or None) if field else None


class EditTopicForm(Bands, EditForm):
    """The first post of a topic, with its title, and the facts of a case."""

    title = _title()
    level = _level()


def region_choices() -> list[tuple[str, str]]:
    """Every region in its order; those under a province stand after it, indented."""
    return [
        (place.code, ("\u2003" if place.parent else "") + words.region_name(place.code))
        for place in REGIONS.values()
    ]


def theme_choices() -> list[tuple[str, str]]:
    """Every theme in the order of menus."""
    return [(theme.code, words.theme_name(theme.code)) for theme in THEMES.values()]
