"""Corridors, access mechanisms and contacts that state only what a test is about. None of it exists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.directory.arrangements import Terms
from community.directory.models.arrangements import Arrangement
from community.directory.services import arrangements as services
from tests.make import directory as make
from tests.make.world import World

HERE, BEYOND = "Clinic of the Two Lanterns", "House of the Long Pier"
WEEK = ({"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "00:00"},)
_SAID = {
    "corridor": {
        "population": ("Personnes enceintes", "Pregnant people"),
        "procedure": ("Appeler | le jour même | Âge et substance", "Call | same day | Age and substance"),
        "send": ("Groupe d’âge et substance", "Age group and substance"),
        "assessment": ("Grille des Deux Lanternes", "Two Lanterns grid"),
        "follow_up": ("Plan renvoyé en huit semaines", "Plan sent back in eight weeks"),
        "contact": ("Infirmière de liaison", "Liaison nurse"),
        "signed_by": ("Directions des deux organismes", "Directors of both organizations"),
    },
    "mechanism": {
        "title": ("Guichet jeunesse", "Youth window"),
        "population": ("De 12 à 17 ans", "From 12 to 17 years"),
        "reach": ("Par téléphone", "By telephone"),
    },
    "liaison": {"function": ("Agente de liaison", "Liaison worker")},
    "support": {
        "title": ("Soutien en périnatalité", "Perinatal support"),
        "population": ("Toutes les cliniques", "All clinics"),
        "reach": ("Appel le jeudi", "Call on Thursdays"),
    },
}


def two_services() -> None:
    """One service of each of two organizations, as everybody sees them."""
    other = {"id": make.uuid("other organization"), "name": "Pier Trust (made up)", "description": "None."}
    make.keep(make.service(HERE), make.service(BEYOND, organization=other))


def terms(kind: str, **more: Any) -> Terms:
    """Terms that may be kept, between the two services."""
    today = clock.today().isoformat()
    texts = {name: {"fr": (fr, today), "en": (en, today)} for name, (fr, en) in _SAID[kind].items()}
    facts: dict[str, Any] = {
        "organization_id": make.uuid("organization"),
        "service_id": make.uuid(HERE),
        "texts": texts,
        "regions": ("qc-06",),
        "phone": "555 555-0142",
        "schedules": WEEK,
        "review_on": clock.today() + timedelta(days=300),
    }
    if kind == "corridor":
        facts |= {
            "from_organization_id": make.uuid("other organization"),
            "from_service_id": make.uuid(BEYOND),
            "delay_days": 2,
        }
    if kind == "mechanism":
        facts |= {"service_id": "", "services": (make.uuid(HERE),), "single": True}
    return Terms(**{**facts, **more})


def arranged(kind: str, *, agreed: bool = True, **more: Any) -> Arrangement:
    """An arrangement between the two services; not agreed, it is a draft that waits for both."""
    with transaction():
        row = services.arrange(OPERATOR, kind, terms(kind, **more))
        for side in row.waits_for.split() if agreed else ():
            services.agree(OPERATOR, row, side, services.mark(row))
    return row


def form(kind: str, **more: Any) -> dict[str, Any]:
    """What a browser sends for such terms."""
    said = {
        f"{name}_{lang}": pair[lang == "en"] for name, pair in _SAID[kind].items() for lang in ("fr", "en")
    }
    sent = {
        **said,
        "to": f"/en/directory/services/{make.uuid(HERE)}",
        "regions": "qc-06",
        "phone": "555 555-0142",
        "opens_MO": "08:00",
        "closes_MO": "16:00",
        "review_on": str(clock.today() + timedelta(days=300)),
    }
    if kind == "corridor":
        sent["origin"] = f"/en/directory/services/{make.uuid(BEYOND)}"
    return {**sent, **more}


def add(world: World) -> None:
    """A corridor, one that nobody agreed to yet, and a contact for those who treat others."""
    two_services()
    for name, agreed in (("corridor", True), ("draft corridor", False)):
        row = arranged("corridor", agreed=agreed)
        world.more[name], world.more[f"seen {name}"] = row.key, services.mark(row)
    world.more["contact"] = arranged("liaison").key
