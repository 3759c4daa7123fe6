"""An organization that is added by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from community.core import clock
from community.directory.hsds.rows import Edge, Row
from community.directory.services import mending


def create(facts: dict[str, Any], source: str) -> str:
    """Keep a new organization. Who may was asked before. Returns its id.

    :param facts: name_en, name_fr, description_en, description_fr, website, phone: texts that were checked.
    """
    id, phone = str(uuid4()), str(uuid4())
    own = "en" if facts.get("name_en") else "fr"
    other = "fr" if own == "en" else "en"
    today = clock.today().isoformat()
    data: dict[str, Any] = {
        "id": id,
        "name": facts.get(f"name_{own}", ""),
        "description": facts.get(f"description_{own}", ""),
        "texts_in": own,
        "texts_as_of": today,
    }
    said = {name: facts.get(f"{name}_{other}") for name in ("name", "description")}
    if any(said.values()):
        data["translations"] = {
            other: {name: {"text": words, "as_of": today} for name, words in said.items() if words}
        }
    if facts.get("website"):
        data["website"] = facts["website"]
    rows = [Row("organization", id, data, "")]
    if facts.get("phone"):
        edge = Edge("organization", id, "phones", "phone", phone, 0)
        rows.append(Row("phone", phone, {"id": phone, "number": facts["phone"]}, "", [edge]))
    mending.keep(rows, source)
    mending.show_at_once([("organization", id)])
    return id
