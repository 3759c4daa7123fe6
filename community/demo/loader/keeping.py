"""Two people who keep the records of a network that exists nowhere, and three corrections that wait."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.models import Credential
from community.accounts.viewer import VISITOR, Viewer, viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.demo.loader import store
from community.directory.mending.spots import Mended, Spot, of_service
from community.directory.models import Keeper
from community.directory.queries import documents
from community.directory.services import corrections

NETWORK = "7b0443d0-0f72-52e9-84bc-02f4776ad983"
CLINIC = "085c9c1c-8651-5273-bb8f-7b57e3b5fc10"
UNIT = "0d856a1d-799e-55db-8191-75815b5c2b9c"
KEEPERS, READER = ("perrine-laval", "ysaline-brodeur"), "maude-ferland"
TEXT = (
    "Assessment and start of opioid agonist treatment on the same day or the next, for adults, for people "
    "from 16 years of age and for pregnant people."
)


def keeping() -> int:
    """Write them once, after the services. Returns how many corrections wait."""
    with transaction():
        loaded = store.Loaded()
        ids = store.persona_ids()
        reader = viewer_of(ids[READER]) if READER in ids else None
        if loaded.has("keeping", "all") or not ids.keys() >= set(KEEPERS) or reader is None:
            return 0
        for keeper in KEEPERS:
            _entrust(ids[keeper])
        _corrections(reader)
        loaded.add("keeping", ["all"])
    return 3


def _entrust(persona_id: str) -> None:
    held = db.session.scalars(select(Credential).where(Credential.persona_id == persona_id)).first()
    if held is not None:
        row = Keeper(
            organization_id=NETWORK, persona_id=persona_id, credential_id=held.id, since=clock.today()
        )
        db.session.add(row)


def _corrections(reader: Viewer) -> None:
    """One of a member, one of somebody without an account, one that is only a remark, said three times."""
    clinic, unit = _spots(CLINIC), _spots(UNIT)
    member = [_other(clinic, "description", "en", TEXT), _other(clinic, "minimum_age", "", "14")]
    corrections.suggest(reader, NETWORK, CLINIC, "fields", member)
    corrections.suggest(VISITOR, NETWORK, UNIT, "phone", [_other(unit, "number", "", "555 555-0199")])
    for _time in range(3):
        corrections.say_wrong(NETWORK, UNIT, "hours")


def _spots(id: str) -> list[Spot]:
    return of_service(documents.service(VISITOR, id) or {"id": id})


def _other(spots: list[Spot], name: str, part: str, after: str) -> Mended:
    one = next(spot for spot in spots if (spot.name, spot.part) == (name, part))
    return Mended(one.kind, one.id, one.name, one.part, one.value, after, one.holder)
