"""The queue, one matter, acting on something that nobody reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import FRESH_TO_SEND, is_fresh
from community.accounts.viewer import Viewer
from community.core import panels
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid, NotFound
from community.core.forms import blame
from community.core.help import lines_for
from community.core.idempotency import once
from community.core.panels import Waits
from community.forum.models import Space
from community.forum.permissions import may_moderate
from community.moderation import targets, things
from community.moderation.forms import ActForm
from community.moderation.models import Act, Matter, ReasonText
from community.moderation.permissions import LIMITS, may_handle, may_limit, may_open_queue, may_see_act
from community.moderation.queries import cases, decisions, second_looks
from community.moderation.queries import matters as queries
from community.moderation.services import acting, opening
from community.moderation.services.acting import NOT_YOURS
from community.moderation.services.acts import OFFERED, Ruling
from community.moderation.targets import Subject
from community.moderation.views import bp

Page = str | tuple[str, int] | Response
CRISIS = ("emergency", "suicide", "poison", "overdose")


def init_app() -> None:
    """What waits for moderators stands first on their home page."""
    panels.add("waits", waits, 5)


def waits(viewer: Viewer) -> list[Waits]:
    """How many things wait for a moderator."""
    if not (
        viewer.moderates or viewer.duties or any(":" in one for one in viewer.audiences - _GROUPS(viewer))
    ):
        return []
    count = queries.waiting_count(viewer) + second_looks.waiting_count(viewer)
    alone = second_looks.without_anybody(viewer)
    said = [
        *([render_template("moderation/_waits.html", count=count)] if count else []),
        *([render_template("moderation/_nobody_else.html", count=alone)] if alone else []),
    ]
    return [Waits(one) for one in said]


def _GROUPS(viewer: Viewer) -> frozenset[str]:  # noqa: N802
    return frozenset(one for one in viewer.audiences if one.startswith(("group:", "limit:")))


@bp.get("/moderation")
def queue() -> str:
    """What waits, danger first."""
    if not may_open_queue(g.viewer):
        raise NotFound
    return render_template(
        "moderation/queue.html",
        page=queries.waiting_page(g.viewer, request.args.get("after")),
        appeals=second_looks.waiting(g.viewer),
        alone=second_looks.without_anybody(g.viewer),
        minutes=queries.DANGER_MINUTES,
    )


@bp.route("/moderation/matters/<key>", methods=["GET", "POST"])
def matter(key: str) -> Page:
    """One matter: the thing, the rule, what was decided before; and the act."""
    found = queries.matter_seen(g.viewer, key)
    require(may_handle(g.viewer, found), NOT_YOURS)
    form = _form(found)
    if request.method == "POST" and form.validate() and not _asks_again(form):
        try:
            return _acted(form, lambda: queries.matter_seen(g.viewer, key))
        except Invalid as problem:
            blame(form, problem)
    return _page(queries.matter_seen(g.viewer, key), form)


@bp.post("/moderation/matters/<key>/look")
def look(key: str) -> Response:
    """Say that one looks at it now: the clock of danger stops. What was written for a few opens to whoever
    typed their password lately."""
    found = queries.matter_seen(g.viewer, key)
    require(may_handle(g.viewer, found), NOT_YOURS)
    if not opening.is_open_to(g.viewer, found) and not is_fresh(FRESH_TO_SEND):
        return redirect(url_for("security.verify", next=url_for(".matter", key=key)))
    with transaction():
        found = queries.matter_seen(g.viewer, key)
        require(may_handle(g.viewer, found), NOT_YOURS)
        opening.looked(g.viewer, found)
        opening.open_private(g.viewer, found)
    return redirect(url_for(".matter", key=key), 303)


@bp.route("/moderation/messages/<key>", methods=["GET", "POST"])
def message(key: str) -> Page:
    """Act on a message that one moderates, reported or not."""
    subject = _theirs(key)
    known = queries.open_matter_of("post", key)
    if known is not None and request.method != "POST":
        return redirect(url_for(".matter", key=known.key))
    form = _form_of(subject)
    if request.method == "POST" and form.validate() and not _asks_again(form):
        try:
            return _acted(form, lambda: _opened(key))
        except Invalid as problem:
            blame(form, problem)
    form.read.data = cases.mark_of(subject)
    page = render_template(
        "moderation/message.html",
        subject=subject,
        form=form,
        address=_address(subject),
        redacts=_redacts(subject, queries.space_of_subject(subject)),
        again=_again(form, url_for(".message", key=key)),
    )
    return (page, 422) if request.method == "POST" else page


def _asks_again(form: ActForm) -> bool:
    """Whether to silence or suspend waits for the password, typed long ago; what is written stays."""
    asks = form.act.data in LIMITS and not is_fresh(FRESH_TO_SEND)
    if asks:
        form.act.errors = [
            _("Show once more that it is you before you silence or suspend a name: the link is here.")
        ]
    return asks


def _again(form: ActForm, back: str) -> str:
    """Where the password is typed again, for whoever may limit this name and typed it long ago."""
    offered = LIMITS & {str(code) for code, *_rest in form.act.choices or ()}
    return url_for("security.verify", next=back) if offered and not is_fresh(FRESH_TO_SEND) else ""


def _opened(key: str) -> Matter:
    """In the transaction: the rule is asked again."""
    return opening.of_own_accord(_theirs(key))


def _theirs(key: str) -> Subject:
    """:raises NotFound: not seen. :raises NotAllowed: seen, but moderated by others, or one's own."""
    subject = things.post_as_seen(g.viewer, key)
    require(
        queries.may_act_on(g.viewer, subject),
        _("Only those who moderate this space act here, never on their own."),
    )
    return subject


def _acted(form: ActForm, load: Callable[[], Matter]) -> Response:
    ruling = Ruling(
        act=form.act.data or "",
        reason=form.reason.data or "",
        text=form.text.data or "",
        words=form.words.data or "",
        days=form.whole(form.days),
        minutes=form.whole(form.minutes),
        space=form.space.data or "",
        body=form.body.data or "",
        title=form.title.data or "",
        into=form.into.data or "",
        read=form.read.data or "",
    )

    def make() -> str:
        made = acting.decide(g.viewer, load(), ruling)
        return _after(made)

    address = once(form.idem.data or "", g.viewer.persona_id or "", make)
    flash(_("Done, and on record. Whom it concerns is told why."), "ok")
    return redirect(address, 303)


def _after(made: Act) -> str:
    """The decision, or the queue where it is no longer theirs: moved to a space that others moderate."""
    matter = decisions.matter_of(made)
    seen = may_see_act(g.viewer, made, matter, queries.space_of(matter))
    return url_for(".decision", key=made.key) if seen else url_for(".queue")


def _form(matter: Matter) -> ActForm:
    form = ActForm(reason=matter.reason)
    subject = targets.look(matter.kind, matter.thing)
    form.offer(_acts(matter, subject), *_offered(matter))
    return form


def _form_of(subject: Subject) -> ActForm:
    form = ActForm(reason="other")
    shown = Matter(kind=subject.kind, reason="other", space_id=subject.space_id, topic=subject.topic)
    form.offer(_acts(shown, subject), *_offered(shown))
    return form


def _offered(matter: Matter) -> tuple[Sequence[ReasonText], list[Space]]:
    return cases.templates_for(matter.reason), queries.destinations(g.viewer, matter)


def _acts(matter: Matter, subject: Subject | None) -> list[str]:
    """What makes sense here: what is hidden is shown again or stays so for a reason that is told, and only
    what stands in a topic moves it."""
    target = targets.of(matter.kind)
    hidden = bool(subject and subject.hidden)
    author = subject.author_id if subject else matter.author_id
    left_out = {
        "nothing": hidden,
        "hide": not (target and target.hide and subject and (hidden or subject.state != "withdrawn")),
        "restore": not (target and target.show and hidden),
        "edit": subject is None or matter.kind != "post" or subject.state == "withdrawn",
        **dict.fromkeys(("lock", "slow", "move", "split", "merge"), not matter.topic),
        "warn": author is None,
        **dict.fromkeys(LIMITS, author is None or not may_limit(g.viewer, author)),
    }
    return [act for act in OFFERED if not left_out.get(act)]


def _hides(matter: Matter) -> bool:
    target = targets.of(matter.kind)
    return target is not None and target.hide is not None


def _address(subject: Subject | None) -> str:
    """Where it stands; a hidden message is read there by those alone who moderate its space."""
    target = targets.of(subject.kind) if subject else None
    if (
        target is None
        or subject is None
        or (subject.kind == "post" and subject.hidden and not _seen(subject))
    ):
        return ""
    return target.address(subject)


def _seen(subject: Subject) -> bool:
    space = queries.space_of_subject(subject)
    return space is not None and may_moderate(g.viewer, space)


def _redacts(subject: Subject | None, space: Space | None) -> bool:
    """Whether the viewer may take single passages out of it."""
    if subject is None or subject.kind != "post" or space is None:
        return False
    return may_moderate(g.viewer, space)


def _page(found: Matter, form: ActForm) -> Page:
    case = cases.case_of(found)
    opened = opening.is_open_to(g.viewer, found)
    form.read.data = cases.mark_of(case.subject) if case.subject and opened else ""
    page = render_template(
        "moderation/matter.html",
        case=case,
        matter=found,
        form=form,
        counted=cases.reasons_counted(case.said),
        address=_address(case.subject),
        crisis=[line for line in lines_for(cases.province_of(case)) if line.kind in CRISIS],
        minutes=queries.DANGER_MINUTES,
        redacts=_redacts(case.subject, case.space),
        opened=opened,
        hides=_hides(found),
        again=_again(form, url_for(".matter", key=found.key)),
    )
    return (page, 422) if request.method == "POST" else page
