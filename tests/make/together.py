"""Groups, links and training of organizations that state only what a test is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.directory.models import Group, GroupMeeting, OrganizationLink, Training
from community.directory.services import group_meetings, groups, links, training
from community.directory.services.reading import mark
from tests.make import directory
from tests.make.world import World

LANTERN, PIER, MILL = "organization", "organization pier", "organization mill"
_NAMES = {
    PIER: ("Long Pier House (made up)", "Maison du Long-Quai (inventée)"),
    MILL: ("Old Mill Team (made up)", "Équipe du Vieux-Moulin (inventée)"),
}


def organizations() -> None:
    """Three organizations: Lantern House with a service, Long Pier House and the Old Mill Team."""
    directory.keep(directory.service())
    directory.keep(*(_organization(name) for name in _NAMES), kind="organization")


def _organization(name: str) -> dict[str, object]:
    english, french = _NAMES[name]
    return {
        "id": directory.uuid(name),
        "name": english,
        "description": "An organization that does not exist.",
        "email": f"{name.split()[-1]}@example.org",
        "texts_in": "en",
        "translations": {"fr": {"name": {"text": french, "as_of": "2026-11-01"}}},
    }


def group(*members: str, name: str = "Table of the lanterns", regions: tuple[str, ...] = ("qc-06",)) -> Group:
    """A regional table of these organizations."""
    first, *others = members or (LANTERN, PIER)
    said = groups.GroupWords(
        kind="table",
        texts={"name_en": name, "name_fr": "", "purpose_en": "To meet.", "purpose_fr": ""},
        regions=regions,
        since=None,
        review_on=clock.today() + timedelta(days=90),
    )
    with transaction():
        made = groups.make(OPERATOR, said, directory.uuid(first))
        for other in others:
            groups.add_organization(OPERATOR, made, directory.uuid(other), "member")
    return made


def meeting(of: Group, *, minutes: str = "We spoke of the pier.", open: bool = False) -> GroupMeeting:
    """A meeting that was held nine days ago, with its minutes."""
    said = group_meetings.MeetingWords(
        held_on=clock.today() - timedelta(days=9),
        by_call=True,
        place="",
        lang="en",
        agenda="One point.",
        minutes=minutes,
        open=open,
    )
    with transaction():
        return group_meetings.call(OPERATOR, of, said)


def link(
    one: str = LANTERN, other: str = PIER, *, intensity: int = 3, confirmed: bool = False
) -> OrganizationLink:
    """What the first says of how it works with the other, in Montréal."""
    said = links.LinkWords(intensity, ("qc-06",), None, clock.today() + timedelta(days=90))
    with transaction():
        made = links.state(OPERATOR, directory.uuid(one), directory.uuid(other), said)
        if confirmed:
            links.confirm(OPERATOR, made, links.mark(made))
    return made


def count(of: OrganizationLink) -> None:
    """Twelve discussions and little else this month."""
    with transaction():
        links.count(OPERATOR, of, clock.today().replace(day=1), links.Counts(12, 3, 0))


def workshop(of: str = LANTERN, *, ends_in: int = 30, region: str = "qc-06") -> Training:
    """A workshop that an organization offers."""
    last = clock.today() + timedelta(days=ends_in)
    said = training.TrainingWords(
        way="offer",
        kind="workshop",
        region=region,
        texts={"title_en": "How a pier is built", "title_fr": "", "about_en": "", "about_fr": ""},
        place="The hall",
        places=12,
        langs=("en",),
        for_whom=(),
        starts_on=last - timedelta(days=1),
        ends_on=last,
    )
    with transaction():
        return training.write(OPERATOR, directory.uuid(of), said)


def add(world: World) -> None:
    """A group of three organizations with a meeting, a link that waits, a workshop."""
    organizations()
    made = group(LANTERN, PIER)
    meets, tie, taught = meeting(made), link(), workshop()
    count(tie)
    world.more.update(
        {
            "group": made.key,
            "group meeting": meets.key,
            "organization link": tie.key,
            "seen link": links.mark(tie),
            "training": taught.key,
            "read group": mark(made),
            "read link": mark(tie),
            "read training": mark(taught),
        }
    )


def _in(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def group_form(**more: Any) -> dict[str, Any]:
    """The least that describes a group of Lantern House."""
    return {
        "organization": "lantern house (made up)",
        "kind": "committee",
        "name_fr": "Comité des lanternes",
        "regions": ["qc-06"],
        "review_on": _in(365),
        **more,
    }


def meeting_form(**more: Any) -> dict[str, Any]:
    """The least that calls a meeting."""
    return {"held_on": _in(-2), "lang": "en", "agenda": "Another point.", "open": "keepers", **more}


def link_form(**more: Any) -> dict[str, Any]:
    """The least that states a link of Lantern House and the Old Mill Team."""
    return {
        "organization": "Lantern House (made up)",
        "other": "Old Mill Team (made up)",
        "intensity": "3",
        "regions": ["qc-06"],
        "review_on": _in(365),
        "basis": "consent",
        **more,
    }


def training_form(**more: Any) -> dict[str, Any]:
    """The least that offers a placement at Lantern House."""
    return {
        "organization": "Lantern House (made up)",
        "way": "offer",
        "kind": "placement",
        "langs": ["fr", "en"],
        "title_fr": "Une journée au quai",
        "starts_on": _in(10),
        "ends_on": _in(10),
        **more,
    }
