"""The history of a group, a link or a training."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from community.core.i18n import current_language, page_blueprint
from community.core.paging import page_asked
from community.directory.models.links import OrganizationLink
from community.directory.queries import links, partners
from community.directory.queries.together_history import history
from community.directory.words import arrangements as arrangement_words
from community.directory.words import together as together_words
from community.directory.words import together_history as words

bp: Blueprint = page_blueprint("directory_together", __name__, under="/directory")
PAGES = {
    "groups": "directory_groups.group",
    "links": "directory_links.link",
    "training": "directory_training.training",
}


@bp.get('/<any("groups","links","training"):many>/<key>/history')
def show(many: str, key: str) -> str:
    """What was done with it, on which day and in which capacity."""
    page, lang = page_asked(request.args.get("page", "")), current_language()
    row, writes, some, more = history(g.viewer, many, key, page)
    members = {
        id for one in some for said in (one.before, one.after) for id in (said or {}).get("members", {})
    }
    named = partners.partners(g.viewer, members, lang)
    return render_template(
        "directory/together_history.html",
        row=row,
        pair=links.pair(g.viewer, row, lang) if isinstance(row, OrganizationLink) else None,
        many=many,
        key=key,
        back=PAGES[many],
        changes=[(one, words.differences(one, named, writes=writes)) for one in some],
        page=page,
        more=more,
        words=words,
        writers=arrangement_words.WRITERS,
        together_words=together_words,
    )
