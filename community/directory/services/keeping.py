"""What a keeper does to the records of an organization: change them, confirm them, tell of free places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, NotFound
from community.directory.hsds.rows import Row
from community.directory.mending.spots import (
    NEW,
    Mended,
    Spot,
    is_mendable,
    of_organization,
    of_service,
)
from community.directory.models import Document
from community.directory.permissions import (
    decides_alone,
    may_keep_directory,
    may_keep_organization,
)
from community.directory.queries import documents
from community.directory.queries.graph import Key, parents_of
from community.directory.services import corrections, mending
from community.directory.services.own_places import require_own
from community.directory.services.stored import data_of
from community.directory.withholding import FLAG


def source_of(viewer: Viewer) -> str:
    """All that the history says of who."""
    return "coordinator" if may_keep_directory(viewer) else "keeper"


def require_read(viewer: Viewer, root: Key, some: Sequence[Mended]) -> None:
    """Hold a service or an organization for who changes it. :raises Conflict: a value is another by now."""
    kind, id = root
    db.session.execute(select(Document.id).where(Document.kind == kind, Document.id == id).with_for_update())
    read, told = _TOLD[kind]
    now = {one.key: one.value for one in told(read(viewer, id) or {"id": id})}
    if any(one.id != NEW and now.get(one.key) != one.before for one in some):
        raise changed_meanwhile()


_TOLD: dict[str, tuple[Callable[[Viewer, str], Any], Callable[[Any], list[Spot]]]] = {
    "service": (documents.service, of_service),
    "organization": (documents.organization, of_organization),
}


def edit(
    viewer: Viewer, organization_id: str, root: Key, some: Sequence[Mended], *, all_right: bool = False
) -> bool:
    """Change values of a service or an organization. A new telephone number waits for a second person.

    Returns whether something waits now.

    :param all_right: the keeper says that everything else is right today, too.
    :raises NotAllowed: the records are another's too.
    """
    require(may_keep_organization(viewer, organization_id))
    require_own(viewer, some)
    corrections.guard(viewer, some)
    later = [] if decides_alone(viewer) else _with_number(some)
    now = [one for one in some if one not in later]
    confirmed = root if all_right and root[0] == "service" else None
    if now or confirmed:
        mending.put(now, source_of(viewer), confirmed=confirmed)
        mending.show_at_once([root])
    if later:
        service_id = root[1] if root[0] == "service" else ""
        corrections.second(viewer, organization_id, service_id, later)
    return bool(later)


def _with_number(some: Sequence[Mended]) -> list[Mended]:
    """What puts a number there, and of a new telephone the rest of it."""
    return [one for one in some if one.calls or (one.kind == "phone" and one.id == NEW)]


def confirm(viewer: Viewer, organization_id: str, service_id: str) -> None:
    """All of this is still right today."""
    require(may_keep_organization(viewer, organization_id))
    mending.put([], source_of(viewer), confirmed=("service", service_id))
    mending.show_at_once([("service", service_id)])


def tell_places(
    viewer: Viewer, organization_id: str, service_id: str, available: int, total: int | None
) -> None:
    """How many places are free today."""
    require(may_keep_organization(viewer, organization_id))
    capacity: dict[str, Any] = {"available": available, "as_of": clock.today().isoformat()}
    if total is not None:
        capacity["total"] = total
    mending.keep(
        [Row("service", service_id, {"id": service_id, "capacity": capacity}, "")], source_of(viewer)
    )
    mending.show_at_once([("service", service_id)])


def withhold(viewer: Viewer, organization_id: str, service_id: str, location_id: str) -> None:
    """Withhold the address of a place, from this moment on and from everybody."""
    require(may_keep_organization(viewer, organization_id))
    require_own(viewer, [Mended("location", location_id, "name", "", "", "")])
    row = Row("location", location_id, {"id": location_id, FLAG: True}, "")
    mending.keep([row], source_of(viewer))
    audit.record(viewer.persona_id or "", "directory.address_withheld", service_id)
    mending.show_at_once([("service", service_id)])


def put_back(viewer: Viewer, organization_id: str, root: Key, metadata_id: str) -> bool:
    """Put the value back that stood in a field before a change. Returns whether it waits for a second person.

    :raises NotFound: there is no such change.
    :raises Conflict: the value is no longer known in whole, or the change cannot be undone this way.
    """
    require(may_keep_organization(viewer, organization_id))
    said = data_of([("metadata", metadata_id)]).get(("metadata", metadata_id))
    if said is None:
        raise NotFound
    key = (str(said["resource_type"]), str(said["resource_id"]))
    if root not in parents_of({key}):
        raise NotFound
    name = str(said.get("field_name"))
    require(may_keep_directory(viewer) or is_mendable(key[0], name))
    require_own(viewer, [Mended(*key, name, "", "", "", key)])
    if some := mending.undone(key, said):
        return edit(viewer, organization_id, root, some)
    if not decides_alone(viewer) and (some := mending.number_back(key, said)):
        corrections.second(viewer, organization_id, root[1] if root[0] == "service" else "", some)
        return True
    mending.put_back(key, said, source_of(viewer))
    mending.show_at_once([root])
    return False


def changed_meanwhile() -> Conflict:
    """What a form says whose values were changed while it was open."""
    return Conflict(_l("These records were changed while you wrote. Look at them again, then save."))
