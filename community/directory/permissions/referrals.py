"""Who may say that they referred somebody, and who sees what of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, false, or_, select

from community.accounts import audiences
from community.accounts.models import PROFESSIONAL_GROUPS
from community.accounts.viewer import Viewer
from community.core import clock
from community.directory.models.referrals import Referral, ReferralRate

KEPT = timedelta(days=90)  # a name's own list; then it is tied to nothing any more
TAKEN_BACK_WITHIN = timedelta(days=1)


def may_refer(viewer: Viewer) -> bool:
    """Whether this name may say that it referred somebody: the public name of a professional, of whom a title
    was verified or who says so. Never a protected name: what it does would say what it is."""
    speaks = viewer.kind == "public" and audiences.MEMBER in viewer.audiences
    return speaks and bool(viewer.profession or viewer.groups & PROFESSIONAL_GROUPS)


def may_keep_referrals(viewer: Viewer) -> bool:
    """Whether there is a list of the viewer's own: any name has one, which stays empty without referrals."""
    return viewer.signed_in and viewer.kind != "operator"


def may_see_referral(viewer: Viewer, referral: Referral) -> bool:
    """Whether this is a referral of the viewer's own list, for as long as it is kept."""
    own = viewer.signed_in and referral.persona_id == viewer.persona_id
    return own and referral.made_on >= clock.today() - KEPT


def referrals_seen_by(viewer: Viewer) -> Select[Referral]:
    """The viewer's own list; nobody has another's, whatever their duties."""
    rows = select(Referral)
    if not viewer.signed_in:
        return rows.where(false())
    return rows.where(Referral.persona_id == viewer.persona_id, Referral.made_on >= clock.today() - KEPT)


def may_take_back(viewer: Viewer, referral: Referral) -> bool:
    """Whether a click may still be undone."""
    fresh = referral.made_on >= clock.today() - TAKEN_BACK_WITHIN
    return fresh and may_see_referral(viewer, referral)


def may_see_rate(_viewer: Viewer, rate: ReferralRate) -> bool:
    """Published figures are for everybody: they hold nothing that may not be told. A service whose figures
    are hidden has no line, as one to which nobody was referred; earlier tables had one."""
    return rate.kind != "service" or rate.referred is not None


def rates_seen_by(_viewer: Viewer) -> Select[ReferralRate]:
    """What was published: the same for everybody."""
    return select(ReferralRate).where(or_(ReferralRate.kind != "service", ReferralRate.referred.is_not(None)))
