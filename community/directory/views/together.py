"""What organizations do together, on pages that are not its own: an organization, a region, the Menu."""

from __future__ import annotations

from datetime import date

from flask import render_template, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.accounts.words import name_acts
from community.core import panels
from community.core.i18n import current_language, in_language
from community.core.panels import Link, MenuSection
from community.directory.hsds.profile import Text
from community.directory.queries import groups, links, reviews, training
from community.directory.queries.reviews import Review
from community.directory.words import together as together_words

MOST_REVIEWS = 50
SHOWN = 5  # of each kind on the page of a region


def init_app() -> None:
    """Fill the slots of other pages, and say what is to be reviewed."""
    panels.add("organization", of_organization, order=40)
    panels.add("region", groups_of_region, order=40)
    panels.add("region", links_of_region, order=45)
    panels.add("region", training_of_region, order=50)
    panels.add("menu_sections", menu, order=16)
    reviews.KIND_NAMES.update(together_words.REVIEWED)
    reviews.add(groups_to_review)
    reviews.add(links_to_review)
    name_acts(together_words.REGISTER)


def of_organization(viewer: Viewer, organization_id: str) -> str:
    """The groups, links and training of an organization; nothing when it has none."""
    lang = current_language()
    found = {
        "groups": groups.of_organization(viewer, organization_id),
        "pairs": links.of_organization(viewer, organization_id, lang),
        "trainings": training.of_organization(viewer, organization_id, lang),
    }
    if not any(found.values()):
        return ""
    return render_template(
        "directory/_organization_together.html", **found, id=organization_id, together_words=together_words
    )


def groups_of_region(viewer: Viewer, code: str) -> str:
    """The groups of a region; nothing when there are none."""
    found = groups.of_region(viewer, code)
    return _region("groups", code, found) if found else ""


def links_of_region(viewer: Viewer, code: str) -> str:
    """The links of a region and their drawing; nothing when there are none."""
    found = links.web(viewer, code, current_language())
    return _region("links", code, found.pairs, web=found) if found.pairs else ""


def training_of_region(viewer: Viewer, code: str) -> str:
    """What is offered and looked for in a region; nothing when there is nothing."""
    found = training.listed(viewer, current_language(), region=code)
    return _region("training", code, found) if found else ""


def _region(what: str, code: str, found: object, **more: object) -> str:
    return render_template(
        f"directory/_region_{what}.html",
        found=found,
        code=code,
        most=SHOWN,
        together_words=together_words,
        **more,
    )


def menu(_viewer: Viewer) -> MenuSection:
    """Working together, on the Menu page."""
    return MenuSection(
        _("Working together"),
        (
            Link(url_for("directory_groups.groups"), _("Groups of organizations"), "people"),
            Link(url_for("directory_links.links"), _("Who is linked to whom"), "link"),
            Link(url_for("directory_training.trainings"), _("Cross-training"), "flag"),
            Link(url_for("directory_plan.service_plan"), _("Service plan to print"), "print"),
        ),
    )


def groups_to_review(viewer: Viewer, region: str, today: date) -> list[Review]:
    """The groups whose day of review is past."""
    due = groups.overdue(viewer, region, today)[:MOST_REVIEWS]
    return [
        Review(url_for("directory_groups.group", key=one.key), _name(one), one.review_on, "group")
        for one in due
    ]


def _name(row: object) -> Text:
    words, lang = in_language(row, "name")
    return Text(words, lang, None)


def links_to_review(viewer: Viewer, region: str, today: date) -> list[Review]:
    """The links whose day of review is past."""
    lang = current_language()
    found = []
    for pair in links.overdue(viewer, region, today, lang)[:MOST_REVIEWS]:
        title = Text(" – ".join(map(together_words.told, (pair.stater, pair.asked))), lang, None)
        url = url_for("directory_links.link", key=pair.link.key)
        found.append(Review(url, title, pair.link.review_on, "link"))
    return found
