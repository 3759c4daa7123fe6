"""What accounts puts on the Menu page, and where visitors sign in and join."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from community.accounts import hands, register_words, title_words, words
from community.accounts.guards import here
from community.accounts.permissions import may_claim, may_operate
from community.accounts.viewer import VISITOR, Viewer
from community.core import panels
from community.core.help import to_call_again
from community.core.i18n import current_language
from community.core.language import propose_language
from community.core.panels import Link, MenuSection, Waits

# What every template may say of a persona.
_SPOKEN = (
    *("label_words", "short_label", "group_name", "profession_name", "place_name", "month"),
    *("state_name", "duty_name", "act_name", "capital", "device_words"),
)


def init_app(app: Flask) -> None:
    """Fill the Menu page and the names that every template reads."""
    panels.add("menu_sections", you, 40)
    panels.add("menu_sections", duties, 90)
    panels.add("footer", in_public, 60)
    panels.add("waits", hands.what_is_missing, 8)
    panels.add("waits", lines_to_call, 9)
    app.context_processor(facts)
    app.jinja_env.globals.update({name: getattr(words, name) for name in _SPOKEN})
    app.jinja_env.globals["written_in"] = written_in
    words.name_details("institution", "kind", title_words.INSTITUTIONS)
    app.jinja_env.globals.update(
        detail_words=register_words.detail_words, target_key=register_words.target_key
    )
    app.jinja_env.globals["has_page"] = app.view_functions.__contains__


def written_in(text: str) -> str:
    """The language of a text whose author was not asked for it; that of the page where none is sure."""
    return propose_language(text) or current_language()


def facts() -> dict[str, Any]:
    """Who asks, and where a visitor goes."""
    viewer = g.get("viewer", VISITOR)
    back = here() if request.endpoint not in _NOT_BACK and not viewer.signed_in else None
    return {
        "viewer": viewer,
        "sign_in_url": url_for("security.login", next=back),
        "join_url": url_for("security.register"),
    }


def in_public() -> Link:
    """What the site counts of itself, for everyone."""
    return Link(url_for("accounts.transparency"), _l("Transparency"))


# Pages to which nobody wants to come back after signing in.
_NOT_BACK = frozenset(
    {None, "core.home", "security.login", "security.register", "security.forgot_password", "accounts.joined"}
)


def you(viewer: Viewer) -> MenuSection | None:
    """One's own name, title, consents, password, and the way out."""
    if not viewer.signed_in:
        return None
    title = (Link(url_for("accounts.own_title"), _l("Professional title"), "shield"),)
    return MenuSection(
        _l("You"),
        (
            Link(url_for("accounts.names"), _l("The name you write under"), "veil"),
            *(title if may_claim(viewer) else ()),
            Link(url_for("accounts.consents"), _l("What you agreed to"), "list"),
            Link(url_for("accounts.security"), _l("How you sign in"), "key"),
            Link(url_for("privacy.centre"), _l("Privacy: see, take along, leave"), "lock"),
            Link(url_for("accounts.sign_out"), _l("Sign out"), "exit"),
        ),
    )


def duties(viewer: Viewer) -> MenuSection | None:
    """The pages of those who coordinate or administer."""
    if g.get("duties_wait"):
        waits = Link(url_for("accounts.security"), _l("Set up a second step to use your duties"), "lock")
        return MenuSection(_l("Your duties"), (waits,))
    links: list[Link] = []
    if viewer.coordinator:
        links.append(Link(url_for("accounts.credential_list"), _l("Titles to check"), "shield"))
    if viewer.administrator:
        links += [
            Link(url_for("accounts.duty_list"), _l("Duties"), "people"),
            Link(url_for("accounts.institution_list"), _l("Institutions"), "shield"),
            Link(url_for("accounts.help_lines"), _l("Help lines"), "phone"),
            Link(url_for("accounts.audit_list"), _l("Register of acts"), "history"),
            Link(url_for("accounts.openings"), _l("Break the glass"), "key"),
            Link(url_for("accounts.end_sessions"), _l("Sign an account out"), "exit"),
            Link(url_for("accounts.job_list"), _l("Failed jobs"), "gear"),
            Link(url_for("privacy.requests_page"), _l("Register of requests"), "clock"),
            Link(url_for("privacy.register", register="incidents"), _l("Register of incidents"), "warn"),
            Link(
                url_for("privacy.register", register="anonymisations"),
                _l("Register of anonymisations"),
                "veil",
            ),
        ]
    return MenuSection(_l("Your duties"), tuple(links)) if links else None


def lines_to_call(viewer: Viewer) -> list[Waits]:
    """The help lines that nobody checked for five months, for those who keep them."""
    count = to_call_again() if may_operate(viewer) else 0
    return [Waits(render_template("accounts/_lines_to_call.html", count=count))] if count else []
