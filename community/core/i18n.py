"""Two languages: pages under /fr/ and /en/, one catalogue, French typography, dates and numbers.

Interface strings are English in the source and French in ``community/translations/fr/*.po`` (one
file per domain, merged when compiled).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Blueprint, Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, force_locale, gettext, ngettext
from werkzeug.routing import BuildError

from community.core import clock

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_CA", "en": "en_CA"}
NAMES = {"fr": "Français", "en": "English"}
PREFIX = "/<any(fr,en):lang>"
NBSP = "\u00a0"
_A_MINUTE, _STEP = timedelta(minutes=1), 5
# An address that was found, and that differs by its language alone from the one in the other.
_SAME_IN_BOTH = re.compile(r"/(?:fr|en)/[A-Za-z0-9/_-]*")

babel = Babel()


class Catalogue(Domain):
    """The catalogue of flask-babel, looked for once in a language instead of at each sentence of a page."""

    def get_translations(self) -> NullTranslations:
        """The sentences of the language that is spoken now."""
        context = g.get("_flask_babel") if g else None
        locale = getattr(context, "babel_locale", None)
        spoken = getattr(context, "spoken", None)
        if spoken is not None and locale is not None and spoken[0] is locale:
            known: NullTranslations = spoken[1]
            return known
        found: NullTranslations = super().get_translations()  # type: ignore[no-untyped-call]
        if g:
            g._flask_babel.spoken = (g._flask_babel.babel_locale, found)
        return found


def page_blueprint(name: str, import_name: str, **options: Any) -> Blueprint:
    """A blueprint whose pages live under /fr and /en; views never see ``lang`` as an argument."""
    return Blueprint(name, import_name, url_prefix=PREFIX + options.pop("under", ""), **options)


def current_language() -> str:
    """The language of this request's page; of the reader's browser where the address has none."""
    try:  # what nearly always is: a page asks this a hundred times
        return str(g.lang)
    except AttributeError:  # nobody said yet
        if not has_request_context():
            return "en"
    except RuntimeError:  # outside of any application
        return "en"
    g.lang = request.accept_languages.best_match(LANGUAGES) or "fr"
    return str(g.lang)


def init_app(app: Flask) -> None:
    """Wire languages into routing, the catalogue and the templates."""
    folder = str(app.extensions["root"] / "community" / "translations")
    babel.init_app(
        app,
        locale_selector=lambda: LOCALES[current_language()],
        default_timezone=app.extensions["settings"].time_zone,
        default_translation_directories=folder,
        default_domain="messages",
    )
    _speak_from(app, Catalogue([folder], "messages"))  # type: ignore[no-untyped-call]
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    # Another is ``moment``: pages that stay as they are while minutes go by leave its place open.
    app.jinja_env.filters.update(day=day, day_name=day_name, number=number, percent=percent, hour=hour)
    app.jinja_env.globals.update(in_language=in_language, language_names=NAMES)
    app.context_processor(lambda: {"lang": current_language(), "switch_language_url": switch_language_url()})


def _speak_from(app: Flask, catalogue: Catalogue) -> None:
    app.extensions["babel"].instance.domain_instance = catalogue
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of its extension for sentences
        gettext=lambda said: catalogue.get_translations().ugettext(said),
        ngettext=lambda one, many, number: catalogue.get_translations().ungettext(one, many, number),
        pgettext=lambda about, said: catalogue.get_translations().upgettext(about, said),
        npgettext=lambda about, one, many, number: catalogue.get_translations().unpgettext(
            about, one, many, number
        ),
        newstyle=True,
    )


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "lang" in values:
        g.lang = values.pop("lang")


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_language()


def other_language() -> str:
    """The language that the switch leads to."""
    return "en" if current_language() == "fr" else "fr"


def switch_language_url() -> str:
    """This same page, with its query, in the other language; the front page where there is none."""
    other = other_language()
    if not has_request_context() or request.endpoint is None or request.method not in {"GET", "HEAD"}:
        # Written anew, sign by sign: browsers take "/\\elsewhere" and "/<tab>/elsewhere" for another site.
        here = "/" + quote(request.path.lstrip("/")) if request else f"/{other}/"
        return here.replace(f"/{current_language()}/", f"/{other}/", 1)
    if _SAME_IN_BOTH.fullmatch(request.path) and not request.root_path:
        return with_query(f"/{other}{request.path[3:]}", request.args.items(multi=True))
    try:
        page = url_for(request.endpoint, **{**(request.view_args or {}), "lang": other})
    except BuildError:
        return f"/{other}/"
    return with_query(page, request.args.items(multi=True))


def with_query(address: str, asked: Iterable[tuple[str, object]]) -> str:
    """An address with what was asked in another one.

    Never through ``url_for``: it would obey a reader's ``_scheme``, ``_external`` and ``_anchor``.
    """
    query = urlencode(list(asked), safe="!$'()*,/:;?@")
    return f"{address}?{query}" if query else address


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """``with speaking("fr"):`` makes what is inside come out in that language (mail, exports)."""
    before = g.get("lang")
    g.lang = lang
    try:
        with force_locale(LOCALES[lang]):
            yield
    finally:
        if before is None:
            g.pop("lang", None)
        else:
            g.lang = before


def in_language(row: object, field: str) -> tuple[str, str]:
    """The text of a two-language row and the language it is really in.

    A missing one is shown in the other language, so that templates can mark it ``lang=``.
    """
    wanted = current_language()
    for lang in (wanted, "en" if wanted == "fr" else "fr"):
        text = getattr(row, f"{field}_{lang}", "")
        if text:
            return str(text), lang
    return "", wanted


def zone() -> ZoneInfo:
    """The zone in which dates are shown."""
    return ZoneInfo(current_app.extensions["settings"].time_zone)


def day_ends(now: datetime) -> datetime:
    """When the day ends next, where the site is or in UTC: until then a day is called the same."""
    tomorrows = [now.astimezone(where) + timedelta(days=1) for where in (UTC, zone())]
    return min(one.replace(hour=0, minute=0, second=0, microsecond=0) for one in tomorrows)


def _locale() -> str:
    return LOCALES[current_language()]


def day(value: date | datetime | None) -> str:
    """21 novembre 2026, 1er décembre 2026; 21 November 2026."""
    if value is None:
        return ""
    local = value.astimezone(zone()).date() if isinstance(value, datetime) else value
    return _day(local, current_language())


@lru_cache(maxsize=4096)
def _day(local: date, lang: str) -> str:
    if lang == "fr":
        written = format_date(local, "d MMMM y", locale="fr_CA")
        return "1er" + written[1:] if local.day == 1 else written
    return format_date(local, "d MMMM y", locale="en_CA")


def day_name(value: date | datetime) -> str:
    """What a protected space shows of a moment: today, yesterday, a weekday, then the date."""
    local = value.astimezone(zone()).date() if isinstance(value, datetime) else value
    age = (clock.now().astimezone(zone()).date() - local).days
    if age <= 0:
        return gettext("today")
    if age == 1:
        return gettext("yesterday")
    if age < 7:
        return format_date(local, "EEEE", locale=_locale())
    return day(local)


def hour(value: datetime) -> str:
    """The hour of a moment where the site is: 13 h 30, 1:30 p.m."""
    local = value.astimezone(zone())
    return _hour(time(local.hour, local.minute), current_language())


@lru_cache(maxsize=2 * 24 * 60)
def _hour(local: time, lang: str) -> str:
    if lang == "fr":
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return format_time(local, "h:mm a", locale="en_CA").replace("\u202f", NBSP)


def minutes_told(age: timedelta) -> int:
    """How many minutes ago something of this age is said to be: each of the first five, then in steps of
    five, as a page that says it is another page each time it changes."""
    minutes = max(age // _A_MINUTE, 0)
    return minutes if minutes < _STEP else minutes - minutes % _STEP


def told_for(age: timedelta) -> timedelta:
    """How long the same is said of something of this age."""
    step = _A_MINUTE if age < _STEP * _A_MINUTE else _STEP * _A_MINUTE
    return step - age % step


def moment(value: datetime | None, protected: bool = False) -> str:
    """A moment as readers say it; days instead of hours where ``protected``."""
    if value is None:
        return ""
    if protected:
        return day_name(value)
    age = clock.now() - value
    if age < timedelta(hours=1):
        return _ago(minutes_told(age), current_language())
    local = value.astimezone(zone())
    days = (clock.now().astimezone(zone()).date() - local.date()).days
    if days == 0:
        return gettext("today, %(time)s", time=hour(value))
    if days == 1:
        return gettext("yesterday, %(time)s", time=hour(value))
    return day(value)


@lru_cache(maxsize=128)
def _ago(minutes: int, _lang: str) -> str:
    """Said a dozen times on a list; to find the sentence in the catalogue costs more than all else of it."""
    if minutes < 1:
        return gettext("just now")
    return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)


def number(value: float | int) -> str:
    """A number in the reader's way: 1 234,5 or 1,234.5."""
    return format_decimal(value, locale=_locale()).replace("\u202f", NBSP)


def percent(value: float) -> str:
    """A share as a whole percentage: 62 % in French, 62% in English."""
    whole = round(value * 100)
    return f"{whole}{NBSP}%" if current_language() == "fr" else f"{whole}%"
