"""Testimonies as things that can be reported, and their words read for danger and dealing before anybody.

Nobody wrote them, as far as anything here can tell: a decision is about the text alone, and tells nobody.
"""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from community.accounts.viewer import Viewer
from community.core.announce import receiver
from community.core.db import db
from community.moderation import danger, solicitation, targets
from community.moderation.models import Matter
from community.moderation.targets import Subject, Target
from community.testimonies import queries
from community.testimonies.models import Testimony
from community.testimonies.services import reviewing
from community.testimonies.signals import testimony_letting_go, testimony_storing

KIND = "testimony"


def init_app() -> None:
    """Let testimonies be reported, from where they stand."""
    targets.add(
        Target(
            KIND,
            _l("Testimony"),
            _seen,
            _look,
            _address,
            hide=reviewing.hide,
            show=reviewing.show,
            back=_back,
            nameless=True,
        )
    )


def _subject(testimony: Testimony) -> Subject:
    return Subject(
        kind=KIND,
        key=testimony.key,
        author_id=None,
        words=testimony.body,
        html=testimony.html,
        lang=testimony.lang,
        notes=tuple(testimony.notes),
        space_id=queries.home_space(),
        state=testimony.state,
    )


def _seen(viewer: Viewer, key: str) -> Subject:
    return _subject(queries.testimony_seen(viewer, key))


def _look(key: str) -> Subject | None:
    found = queries.testimony_at(key)
    return _subject(found) if found else None


def _address(subject: Subject) -> str:
    # Hidden, it is found by those who keep the space, on their own page of it.
    page = "testimonies.review" if subject.state == "hidden" else "testimonies.show"
    return url_for(page, key=subject.key)


def _back(_subject: Subject) -> str:
    return url_for("testimonies.list_all")


@receiver(testimony_storing)
def look_at_words(key: str) -> None:
    """Whoever keeps the space reads first what sounds as if somebody may be in danger, and is told what
    sounds like dealing; both wait for them like any other."""
    words = db.session.get_one(Testimony, key).body
    if danger.somebody_may_be(words):
        reviewing.put_first(key)
    if solicitation.found_in(words):
        reviewing.suspect(key)


@receiver(testimony_letting_go)
def let_go_of_evidence(key: str) -> None:
    """What was kept of it as it was reported goes with it."""
    about = (Matter.kind == KIND, Matter.thing == key)
    db.session.execute(
        update(Matter).where(*about).values(evidence="").execution_options(synchronize_session=False)
    )
