"""What somebody typed into a form that they may not send any more is given back to them."""

from __future__ import annotations

from sqlalchemy import update

from community.accounts.models import Credential
from community.core.db import db, transaction
from tests.directory.test_together import at, keepers
from tests.make import directory as make
from tests.make import together
from tests.make.together import group_form, link_form, meeting_form, training_form

__all__ = ["at", "keepers"]


def test_who_keeps_nothing_any_more_gets_back_what_was_typed(at, client):
    """The affiliation ended while a form was open. What was chosen in a list is not told."""
    tie, meeting = together.link(), together.meeting(met := together.group())
    with transaction():
        db.session.execute(update(Credential).values(state="revoked"))
    sent = {
        f"groups/{met.key}/edit": (group_form(purpose_fr="Se voir\nchaque mois."), "Se voir\nchaque mois."),
        f"groups/{met.key}/meetings/{meeting.key}/edit": (meeting_form(minutes="At eight."), "At eight."),
        f"links/{tie.key}/edit": (link_form(consent_form="Form 12, <b>third</b>"), "Form 12, &lt;b&gt;third"),
        "training/new": (training_form(place="Room 4"), "Room 4"),
        f"services/{make.uuid('Clinic of the Two Lanterns')}/edit/facts": (
            {"service.x.wait_days": "17", "digest": "Key 3"},
            "17</textarea>",
        ),
    }
    for address, (typed, kept) in sent.items():
        answer = at["lantern"].post(f"/en/directory/{address}", {"idem": "Key 1", "seen": "Key 2", **typed})
        assert answer.status_code == 403
        assert "It was not sent, and nothing was lost." in answer.text
        assert kept in answer.text
        assert not [word for word in ("Key 1", "Key 2", "Key 3", "qc-06") if word in answer.text]
