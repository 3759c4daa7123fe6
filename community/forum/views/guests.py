"""Inviting one guest into a topic, and guests into a space."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.limits import limiter
from community.forum.forms.guests import SpaceGuestForm, TopicGuestForm
from community.forum.models import Space, Topic
from community.forum.permissions import (
    is_keeper,
    may_invite,
    may_invite_to_space,
    may_moderate,
    spaces_seen_by,
    topics_seen_by,
)
from community.forum.queries import guests as queries
from community.forum.services import guests as services
from community.forum.views import bp
from community.forum.views.answers import Page, form_page, made_once


def _topic(key: str) -> Topic:
    return one_or_404(topics_seen_by(g.viewer), Topic.key == key)


@bp.route("/topics/<key>/guest", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def topic_guest(key: str) -> Page:
    """Invite one person into this topic alone, by the name that is shown."""
    topic = _topic(key)
    invites = may_invite(g.viewer, topic)
    require(
        invites or is_keeper(g.viewer, topic) or may_moderate(g.viewer, topic.space),
        _("Only the person who started this topic invites somebody into it."),
    )
    form = TopicGuestForm()
    if request.method == "POST" and form.validate():

        def make() -> str:
            services.invite_into_topic(g.viewer, _topic(key), form.name.data)
            return url_for(".topic_guest", key=key)

        said = _("Invited. They read and answer in this topic, and see nothing else of its space.")
        if answer := made_once(form, make, said):
            return answer
        topic = _topic(key)
    return form_page(
        "forum/topic_guest.html", form, topic=topic, guest=queries.guest_of_topic(topic), invites=invites
    )


@bp.post("/topics/<key>/guest/end")
def end_topic_guest(key: str) -> Response:
    """End the invitation; the guest may do it too."""
    with transaction():
        topic = _topic(key)
        services.end_topic_invitation(g.viewer, topic)
        stays = is_keeper(g.viewer, topic) or may_moderate(g.viewer, topic.space)
    flash(_("The invitation has ended. What was written stays."), "ok")
    return redirect(url_for(".topic_guest", key=key) if stays else url_for("core.home"), 303)


def _space(slug: str) -> Space:
    """A space whose guests the viewer invites. :raises NotAllowed: a member who does not."""
    space = one_or_404(spaces_seen_by(g.viewer), Space.slug == slug)
    require(may_invite_to_space(g.viewer, space), _("Only those who keep this space invite guests into it."))
    return space


@bp.route("/spaces/<slug>/guests", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def space_guests(slug: str) -> Page:
    """The guests of a space, and a form to invite one until a day."""
    space = _space(slug)
    form = SpaceGuestForm()
    if request.method == "POST" and form.validate():

        def make() -> str:
            services.invite_into_space(g.viewer, _space(slug), form.name.data, form.ends)
            return url_for(".space_guests", slug=slug)

        said = _("Invited. Their messages say that they are a guest, and until when.")
        if answer := made_once(form, make, said):
            return answer
        space = _space(slug)
    return form_page("forum/space_guests.html", form, space=space, guests=queries.space_guests(space))


@bp.post("/spaces/<slug>/guests/end")
def end_space_guest(slug: str) -> Response:
    """End an invitation; what the guest wrote stays."""
    with transaction():
        space = one_or_404(spaces_seen_by(g.viewer), Space.slug == slug)
        services.end_space_invitation(g.viewer, space, request.form.get("persona", ""))
        stays = may_invite_to_space(g.viewer, space)
    flash(_("The invitation has ended. What was written stays."), "ok")
    return redirect(url_for(".space_guests", slug=slug) if stays else url_for("core.home"), 303)
