"""Records of the directory that state only what a test is about. Every name in them is made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from community.accounts.viewer import OPERATOR, VISITOR, Viewer
from community.core import clock
from community.core.db import db, transaction
from community.directory.hsds.rows import Report
from community.directory.hsds.shapes import rows_of
from community.directory.mending.spots import Mended
from community.directory.models import Keeper, Unmet
from community.directory.queries import documents
from community.directory.services import bringing, corrections, keeping
from community.directory.services import documents as written
from community.directory.services.runs import Import
from tests import cast as people
from tests.cast import Someone
from tests.make.world import World

_SPACE = UUID("00000000-0000-5000-8000-00000000abcd")
# When what is confirmed was: a service that nobody confirmed for half a year sinks, whenever the tests run.
LATELY = (clock.today() - timedelta(days=21)).isoformat()
STREET, CODE = "17 Rue Imaginaire-Secrète", "H0H 9Z9"


def uuid(name: str) -> str:
    """The id of a thing of this name."""
    return str(uuid5(_SPACE, name))


def service(name: str = "Clinic of the Two Lanterns", /, **more: Any) -> dict[str, Any]:
    """A nested service of HSDS 3.0: its organization, one place with an address, a phone."""
    made = {
        "id": uuid(name),
        "name": name,
        "status": "active",
        "description": f"What {name} does.",
        "organization": {
            "id": uuid("organization"),
            "name": "Lantern House (made up)",
            "description": "An organization that does not exist.",
        },
        "phones": [{"id": uuid(f"{name} phone"), "number": "555-0100"}],
        "service_at_locations": [
            {"id": uuid(f"{name} at"), "location": location(f"{name} place")},
        ],
    }
    return {**made, **more}


def location(name: str, /, **more: Any) -> dict[str, Any]:
    """A place with an address and coordinates."""
    made = {
        "id": uuid(name),
        "location_type": "physical",
        "name": name,
        "latitude": 45.51234,
        "longitude": -73.54321,
        "addresses": [
            {
                "id": uuid(f"{name} address"),
                "address_1": STREET,
                "city": "Montréal",
                "state_province": "QC",
                "postal_code": CODE,
                "country": "CA",
                "address_type": "physical",
            }
        ],
    }
    return {**made, **more}


def keep(*services: dict[str, Any], kind: str = "service", state: str = "public") -> Report:
    """Bring objects in as an import does, and write up what readers are given."""
    run = Import("test", Report(), state)
    rows = [
        row for number, one in enumerate(services) for row in rows_of(kind, one, f"/{number}", run.report)
    ]
    with transaction():
        bringing.bring(OPERATOR, rows, run)
    write_up()
    return run.report


def shown(name: str = "Clinic of the Two Lanterns") -> dict[str, Any]:
    """What everybody is given of a service."""
    found = documents.service(VISITOR, uuid(name))
    assert found is not None
    return found


def write_up() -> None:
    """Write up everything that is not up to date."""
    for _ in _until_done():
        pass


def _until_done() -> Iterable[int]:
    while True:
        with transaction():
            seen = written.write_up()
        if not seen:
            return
        yield seen


def add(world: World) -> None:
    """A service for everybody, with a keeper, a change and a correction that waits; one in preparation."""
    if "correction" in world.more:
        return
    keep(service())
    keep(service("A service in preparation"), state="draft")
    with transaction():
        someone = people.persona("Maud Ferry")
        db.session.add(Unmet(week=clock.today(), region="qc", need="", searches=12))
    world.more["keeper"] = keeper(someone).persona_id or ""
    world.more["change"] = _changed()
    world.more["correction"] = _corrected(world.cast["member"].viewer)


def _changed() -> str:
    """The id of a change of the service, as the history has it."""
    key = ("service", uuid("Clinic of the Two Lanterns"))
    age = Mended(*key, "minimum_age", "", "", "16")
    with transaction():
        keeping.edit(OPERATOR, uuid("organization"), key, [age])
    write_up()
    return str(shown()["metadata"][0]["id"])


def _corrected(viewer: Viewer) -> str:
    """The key of a correction by somebody."""
    id = uuid("Clinic of the Two Lanterns")
    website = Mended("service", id, "url", "", "", "https://lantern.example/")
    with transaction():
        row = corrections.suggest(viewer, uuid("organization"), id, "fields", [website])
    assert row is not None
    return row.key


def keeper(who: Someone, organization_id: str = "", kind: str = "organization") -> Someone:
    """Have this name keep the records of an organization, by an affiliation that was verified."""
    with transaction():
        held = people.title(who, kind)
        row = Keeper(
            organization_id=organization_id or uuid("organization"),
            persona_id=who.persona_id or "",
            credential_id=held.id,
            since=clock.today(),
        )
        db.session.add(row)
    return who
