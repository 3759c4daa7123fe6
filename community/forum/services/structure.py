"""The structure of the forum: its spaces, whom they admit, and who belongs to them.

Acts of an administrator, each in the audit chain; nothing here reads or changes what people wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts import audiences
from community.accounts.models import AFFILIATIONS, GROUPS, LIVED, PROFESSIONAL_GROUPS, Persona
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid, NotFound
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS
from community.core.tidy import tidy
from community.forum.models import Space, SpaceAudience, SpaceMember
from community.forum.models.spaces import ACTS, KINDS, STANDINGS
from community.forum.permissions import may_edit_spaces, may_lead
from community.forum.queries.guests import persona_named
from community.forum.services.guests import UNKNOWN
from community.forum.signals import space_changed
from community.forum.themes import THEMES

OWN_MEMBERS = "members"  # in a form: the space's own members, "space:<id>" once it has an id
PLAIN = ("position", "protected", "archived", "files", "region", "theme")
WORDS = ("name_en", "name_fr", "description_en", "description_fr")
# Whoever could moderate by having an account, or by ticking a group, would be nobody in charge.
NEVER_MODERATE = frozenset(
    {audiences.EVERYONE, audiences.MEMBER}
    | {audiences.group(code) for code in set(GROUPS) - PROFESSIONAL_GROUPS - set(AFFILIATIONS)}
)
# Into a space of lived experience everybody else comes by invitation only (PRODUCT, rule 4).
ONLY_LIVED = frozenset(audiences.group(code) for code in LIVED)


@dataclass(frozen=True)
class Structure:
    """What an administrator says of a space."""

    name_en: str
    name_fr: str
    description_en: str = ""
    description_fr: str = ""
    kind: str = "public"
    position: int = 500
    region: str = ""
    theme: str = ""
    protected: bool = False
    archived: bool = False
    files: bool = False
    see: frozenset[str] = field(default=frozenset())
    post: frozenset[str] = field(default=frozenset())
    moderate: frozenset[str] = field(default=frozenset())


def fingerprint(space: Space) -> str:
    """What the space says now, in few letters: a form carries it, so that a stale edit is told."""
    said = [getattr(space, name) for name in (*WORDS, *PLAIN)]
    said += [sorted(space.admits(act)) for act in ACTS]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def make_space(viewer: Viewer, slug: str, said: Structure) -> Space:
    """Open a space. :raises Invalid: its address is taken, or what is said does not hold together."""
    require(may_edit_spaces(viewer))
    _check(said, said.kind)
    if db.session.scalar(select(Space.id).where(Space.slug == slug)) is not None:
        raise Invalid("slug", _l("Another space has this address."))
    today = clock.today()
    space = Space(slug=slug, kind=said.kind, words_en_on=today, words_fr_on=today)
    _guard(viewer, space, said)
    _put_words(space, said)
    _put_plain(space, said)
    db.session.add(space)
    db.session.flush()
    _put_audiences(space, said)
    audit.record(viewer.persona_id or "", "space.made", slug, kind=said.kind)
    announce(space_changed, space_id=space.id)
    return space


def edit_space(viewer: Viewer, space: Space, said: Structure, seen: str) -> list[str]:
    """Change a space; returns what changed. Its address and its kind stay.

    :param seen: the fingerprint of the space that the form was made from.
    :raises Conflict: somebody changed it in the meantime.
    """
    require(may_edit_spaces(viewer))
    _check(said, space.kind)
    if seen != fingerprint(space):
        raise Conflict(_l("Another administrator changed this space in the meantime. Nothing was saved."))
    _guard(viewer, space, said)
    changed = [*_put_words(space, said), *_put_plain(space, said), *_put_audiences(space, said)]
    if changed:
        audit.record(viewer.persona_id or "", "space.edited", space.slug, changed=changed)
        announce(space_changed, space_id=space.id)
    return changed


def _check(said: Structure, kind: str) -> None:
    """:raises Invalid: a place that does not exist, or an audience that this act or kind forbids."""
    if kind not in KINDS:
        raise Invalid("kind", _l("Choose one of the kinds listed."))
    if said.region and said.region not in REGIONS:
        raise Invalid("region", _l("Choose one of the regions listed."))
    if said.theme and said.theme not in THEMES:
        raise Invalid("theme", _l("Choose one of the themes listed."))
    if said.moderate & NEVER_MODERATE:
        raise Invalid("moderate", _l("Moderating is never open to everyone or to every member."))
    if kind == "lived" and any(_strangers(getattr(said, act)) for act in ACTS):
        raise Invalid(
            "see", _l("In a space of lived experience, everybody else comes in only when they are invited.")
        )
    if kind == "lived" and not said.protected:
        raise Invalid("protected", _l("A space of lived experience is always protected."))


def _strangers(listed: Collection[str]) -> bool:
    """Whether somebody else is let in than who lived it, who is close to them, or who was invited."""
    return any(one not in ONLY_LIVED and one != OWN_MEMBERS for one in listed)


def _guard(viewer: Viewer, space: Space, said: Structure) -> None:
    """Everybody reads them. :raises Invalid: a name or a description may identify somebody."""
    for name in WORDS:
        words, before = tidy(getattr(said, name)), getattr(space, name, None) or ""
        before_publish(Text("space", name, words, name[-2:], viewer.persona_id, before=before))


def _put_words(space: Space, said: Structure) -> list[str]:
    """The words of both languages; each language keeps the day on which it was last written."""
    changed = []
    for name in WORDS:
        new = tidy(getattr(said, name))
        if getattr(space, name, None) != new:
            setattr(space, name, new)
            setattr(space, f"words_{name[-2:]}_on", clock.today())
            changed.append(name)
    return changed


def _put_plain(space: Space, said: Structure) -> list[str]:
    changed = []
    for name in PLAIN:
        new = getattr(said, name)
        new = None if new == "" else new
        if getattr(space, name, None) != new:
            setattr(space, name, new)
            changed.append(name)
    return changed


def _put_audiences(space: Space, said: Structure) -> list[str]:
    changed = []
    for act in ACTS:
        wanted = _stored(space, getattr(said, act))
        if space.admits(act) == wanted:
            continue
        kept = [row for row in space.audiences if row.act != act or row.audience in wanted]
        there = {row.audience for row in kept if row.act == act}
        new = [SpaceAudience(act=act, audience=audience) for audience in sorted(wanted - there)]
        space.audiences = [*kept, *new]
        changed.append(act)
    db.session.flush()
    return changed


def _stored(space: Space, listed: Collection[str]) -> frozenset[str]:
    own = audiences.space(space.id)
    return frozenset(own if audience == OWN_MEMBERS else audience for audience in listed)


def add_member(
    viewer: Viewer, space: Space, words: str, standing: str, until: datetime | None = None
) -> Persona:
    """Make a persona belong to a space, or change its standing or its end.

    :param words: its exact shown name, as far as the viewer sees it, or its key.
    :raises Invalid: nobody is found, or the end is past.
    """
    require(may_edit_spaces(viewer) or may_lead(viewer, space))
    if standing not in STANDINGS:
        raise Invalid("standing", _l("Choose one of the standings listed."))
    if until is not None and until <= clock.now():
        raise Invalid("until", _l("This day is past."))
    if standing == "guest" and until is None:
        raise Invalid("until", _l("A guest comes until a day. Say which."))
    persona = _persona(viewer, tidy(words))
    _check_standing(viewer, space, persona, standing)
    # Two who add the same name at once take their turn on the space's row.
    db.session.execute(select(Space.id).where(Space.id == space.id).with_for_update(key_share=True))
    row = db.session.get(SpaceMember, (space.id, persona.id), populate_existing=True)
    if row is None:
        row = SpaceMember(space_id=space.id, persona_id=persona.id, invited_by=viewer.persona_id)
        db.session.add(row)
    row.standing, row.until = standing, until
    db.session.flush()
    audit.record(
        viewer.persona_id or "", "space.member_added", space.slug, persona=persona.id, standing=standing
    )
    return persona


def _check_standing(viewer: Viewer, space: Space, persona: Persona, standing: str) -> None:
    """Nobody lets themselves in, and a space of lived experience keeps its own door.

    :raises Invalid: with the reason.
    """
    if persona.id == viewer.persona_id and not may_lead(viewer, space):
        raise Invalid("words", _l("Nobody makes themselves a member. Ask another administrator."))
    if space.kind != "lived":
        return
    if standing == "guest" and not may_lead(viewer, space):
        raise Invalid("standing", _l("Only those who lead this space invite guests into it."))
    groups = {row.group for row in persona.groups}
    titled = any(audiences.speaks_as_professional(one) for one in persona.credentials)
    if standing != "guest" and (groups & PROFESSIONAL_GROUPS or titled or persona.attested):
        raise Invalid("standing", _l("This name belongs to a professional, who may only come as a guest."))
    if standing in {"keeper", "chair"} and not groups & LIVED:
        raise Invalid("standing", _l("Those who keep this space have lived experience, or are close to it."))


def _persona(viewer: Viewer, words: str) -> Persona:
    """By key (which nobody guesses) or by a name that the viewer sees."""
    by_key = db.session.get(Persona, words) if len(words) == 22 and words.isalnum() else None
    if by_key is not None and by_key.state == "active" and by_key.kind != "imported":
        return by_key
    found = persona_named(viewer, words)
    if found is None:
        raise Invalid("words", UNKNOWN)
    return found


def remove_member(viewer: Viewer, space: Space, persona_id: str) -> None:
    """A persona no longer belongs to the space, from this moment. :raises NotFound: it did not."""
    require(may_edit_spaces(viewer) or may_lead(viewer, space))
    row = db.session.get(SpaceMember, (space.id, persona_id))
    if row is None:
        raise NotFound
    db.session.delete(row)
    db.session.flush()
    audit.record(viewer.persona_id or "", "space.member_removed", space.slug, persona=persona_id)
