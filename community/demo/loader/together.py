"""Groups, links and training of organizations that exist nowhere."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib import resources
from typing import Any

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.demo.loader import store
from community.directory.hsds.rows import Report
from community.directory.hsds.shapes import rows_of
from community.directory.services import bringing, documents, group_meetings, groups, links, training
from community.directory.services.runs import Import


def listed() -> dict[str, list[dict[str, Any]]]:
    """What the file says."""
    text = resources.files("community.demo").joinpath("data/together.toml").read_text("utf-8")
    return tomllib.loads(text)


def together() -> int:
    """Write all of it once, after the services. Returns how many groups, links and trainings."""
    found = listed()
    with transaction():
        if store.Loaded().has("together", "all"):
            return 0
        run = Import("demonstration", Report())
        rows = [rows_of("organization", _organization(one), "", run.report) for one in found["organization"]]
        bringing.bring(OPERATOR, [row for some in rows for row in some], run)
    while _written_up():
        pass
    with transaction():
        for one in found["group"]:
            _group(one)
        for one in found["link"]:
            _link(one)
        for one in found["training"]:
            _training(one)
        store.Loaded().add("together", ["all"])
    return sum(len(found[name]) for name in ("group", "link", "training"))


def _written_up() -> int:
    with transaction():
        return documents.write_up()


def _organization(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "name": one["en"],
        "description": "An organization that does not exist.",
        "texts_in": "en",
        "translations": {
            "fr": {"name": _today(one["fr"]), "description": _today("Un organisme qui n’existe pas.")}
        },
        "phones": [{"id": f"{one['id'][:-2]}f{one['id'][-1]}", "number": one["phone"], "type": "voice"}],
    }


def _today(text: str) -> dict[str, str]:
    return {"text": text, "as_of": clock.today().isoformat()}


def _day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _texts(one: dict[str, Any], *fields: str) -> dict[str, str]:
    return {f"{field}_{lang}": one[f"{field}_{lang}"] for field in fields for lang in ("fr", "en")}


def _group(one: dict[str, Any]) -> None:
    said = groups.GroupWords(
        kind=one["kind"],
        texts=_texts(one, "name", "purpose"),
        regions=one["regions"],
        since=_day(one["since_days"]),
        review_on=_day(max(1, one["review_days"])),
    )
    made = groups.make(OPERATOR, said, one["members"][0][0])
    for organization, function in one["members"]:
        groups.add_organization(OPERATOR, made, organization, function)
    made.review_on = _day(one["review_days"])  # one of them is overdue
    meeting = dict(one["meeting"])
    held_on = _day(meeting.pop("days"))
    group_meetings.call(OPERATOR, made, group_meetings.MeetingWords(held_on=held_on, **meeting))


def _link(one: dict[str, Any]) -> None:
    agreement = None
    if "exchanged" in one:
        agreement = links.Agreement(one["exchanged"], one["basis"], one["form"], one["version"])
    review_on = _day(max(1, one["review_days"]))
    said = links.LinkWords(one["intensity"], one["regions"], None, review_on, agreement)
    made = links.state(OPERATOR, one["by"], one["with"], said)
    if one["confirmed"]:
        links.confirm(OPERATOR, made, links.mark(made))
    if "counts" in one:
        last_month = clock.today().replace(day=1) - timedelta(days=1)
        links.count(OPERATOR, made, last_month, links.Counts(*one["counts"]))
    made.review_on = _day(one["review_days"])  # and so is one of these


def _training(one: dict[str, Any]) -> None:
    plain = ("way", "kind", "region", "place", "places", "langs", "for_whom")
    said = training.TrainingWords(
        **{name: one[name] for name in plain},
        texts=_texts(one, "title", "about"),
        starts_on=_day(one["from_days"]),
        ends_on=_day(one["until_days"]),
    )
    training.write(OPERATOR, one["by"], said)
