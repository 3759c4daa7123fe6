"""Putting other values into records: from what was mended in single spots to rows, with their history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from flask_babel import lazy_gettext as _l

from community.core import clock
from community.core.errors import Conflict, Invalid
from community.core.ids import new_key
from community.core.jobs import enqueue_one
from community.directory.dialling import dialled_anew
from community.directory.hsds.fields import tables
from community.directory.hsds.rows import Edge, Report, Row
from community.directory.hsds.shapes import edges_of
from community.directory.mending.merging import words
from community.directory.mending.spot_values import AGES, NOT_IN_ORDER, ages_in_order
from community.directory.mending.spots import FIELDS, IN_TWO_LANGUAGES, NEW, Mended, in_words, plain
from community.directory.opening import weekly
from community.directory.queries.graph import Key
from community.directory.services import documents, records
from community.directory.services.history import LONGEST_VALUE, forget_history, place_at
from community.directory.services.runs import Import
from community.directory.services.sparing import of_keys, taken_off
from community.directory.services.stored import below, data_of
from community.directory.withholding import FLAG

_Json = dict[str, Any]
_NO_LONGER_SAID = _l("The file says something else by now. Do not accept this; nothing was changed.")
_BEFORE_AFTER = ("previous_value", "replacement_value")
_NOT_FROM_HERE = _l("This change cannot be undone from here: change the value itself.")
_PLACES = 1_000  # a new phone stands after those that are there


def put(some: Sequence[Mended], source: str, *, confirmed: Key | None = None) -> None:
    """Put these values into their records, in the open transaction. Who may was asked before.

    :param source: keeper, coordinator or correction: all that the history says of who.
    :param confirmed: the service that somebody made sure of today, in whole.
    """
    gone = {one.id for one in some if _takes_off(one)}
    typed = [one for one in some if not one.file]
    plainly = [one for one in typed if one.name not in {"hours", FLAG} and one.id not in {NEW, *gone}]
    rows = [
        *_patches(plainly),
        *_as_the_file_says([one for one in some if one.file]),
        *_hours([one for one in some if one.name == "hours"], source),
    ]
    rows += _phones(some, source)
    rows += [_opened(one.id) for one in some if one.name == FLAG and not one.after]
    if confirmed is not None:
        rows.append(Row(*confirmed, {"id": confirmed[1], "assured_date": clock.today().isoformat()}, ""))
    keep(rows, source)


def keep(rows: Sequence[Row], source: str) -> Report:
    """Keep rows of one act; the next page shows them, lists a moment later.

    :raises Invalid: nobody could be of the age that a service would say.
    """
    _require_ages([row for row in rows if row.kind == "service" and not row.data.keys().isdisjoint(AGES)])
    run = Import(source, Report(), traced=True)
    records.write(rows, run)
    enqueue_one("directory.write_up")
    return run.report


def _require_ages(rows: Sequence[Row]) -> None:
    there = data_of((row.kind, row.id) for row in rows)
    for row in rows:
        now = {**there.get((row.kind, row.id), {}), **row.data}
        if not ages_in_order({name: plain(now.get(name)) for name in AGES}):
            raise Invalid(f"service.{row.id}.minimum_age", NOT_IN_ORDER)


def show_at_once(keys: Iterable[Key]) -> None:
    """Have the pages of these services and organizations say what was just kept."""
    for key in keys:
        documents.write_one(key)


def _patches(some: Sequence[Mended]) -> list[Row]:
    there = data_of((one.kind, one.id) for one in some)
    made: dict[Key, _Json] = {}
    for one in some:
        key = (one.kind, one.id)
        if key in there:
            _patch(made.setdefault(key, {"id": one.id}), there[key], one)
    return [Row(kind, id, data, "") for (kind, id), data in made.items()]


def _as_the_file_says(some: Sequence[Mended]) -> list[Row]:
    """Values of the last file in place of ours. :raises Conflict: the file says something else by now."""
    keys = {(one.kind, one.id) for one in some}
    there, said = data_of(keys), of_keys(keys)
    made: dict[Key, _Json] = {}
    for one in some:
        key = (one.kind, one.id)
        texts = said.get(key, {}).get("translations" if one.part else one.name)
        value = (texts or {}).get(one.part, {}).get(one.name) if one.part else texts
        if key not in there or value is None or (words(value) if one.part else in_words(value)) != one.after:
            raise Conflict(_NO_LONGER_SAID)
        patch = made.setdefault(key, {"id": one.id})
        if one.part:
            given = patch.get("translations", there[key].get("translations")) or {}
            patch["translations"] = {**given, one.part: {**given.get(one.part, {}), one.name: value}}
        else:
            patch[one.name] = value
    rows = [Row(kind, id, data, "") for (kind, id), data in made.items()]
    for row in rows:
        row.edges = edges_of(row, 0)
    return rows


def _patch(patch: _Json, before: _Json, one: Mended) -> None:
    form, today = FIELDS[one.kind][one.name], clock.today().isoformat()
    if form not in IN_TWO_LANGUAGES:
        patch[one.name] = _value(one.kind, one.name, form, one.after)
        return
    own = "fr" if before.get("texts_in") == "fr" else "en"
    if one.part == own:
        patch[one.name] = _value(one.kind, one.name, form, one.after)
        patch["texts_as_of"] = today
    given = patch.get("translations", before.get("translations"))
    texts = {lang: dict(said) for lang, said in (given or {}).items() if isinstance(said, dict)}
    here = texts.setdefault(one.part, {})
    if one.part == own:
        here.pop(one.name, None)
    else:
        here[one.name] = {"text": one.after, "as_of": today}
    if one.part != own or given:
        patch["translations"] = texts


def _value(kind: str, name: str, form: str, typed: str) -> Any:
    if form in {"age", "days"}:
        return int(typed) if typed else None
    if form == "extension" and typed.isascii() and typed.isdigit():
        return int(typed)
    return typed or ("" if name in tables()[kind].required else None)


def _opened(location_id: str) -> Row:
    """A place whose address may be shown; what its history said of the address meanwhile is forgotten."""
    forget_history(location_id)
    return Row("location", location_id, {"id": location_id, FLAG: None}, "")


# Opening hours


def _hours(some: Sequence[Mended], source: str) -> list[Row]:
    holders: dict[Key, dict[str, str]] = {}
    for one in some:
        holders.setdefault((one.kind, one.id), {})[one.part] = one.after
    return [row for holder, days in holders.items() for row in _week(holder, days, source)]


def _week(holder: Key, days: dict[str, str], source: str) -> list[Row]:
    """The week of a place with other hours on these days; what is more than a week stays."""
    there = below(holder, "schedules")
    data = data_of(("schedule", id) for id in there)
    weeks = [one for one in data.values() if weekly.is_plain(one)]
    before = weekly.of_schedules(weeks)
    after = {**before, **days}
    kept = [id for id in there if not weekly.is_plain(data.get(("schedule", id), {}))]
    made = weekly.as_schedules(holder[1], after)
    ids = [*kept, *(one["id"] for one in made)]
    edges = [Edge(*holder, "schedules", "schedule", id, place) for place, id in enumerate(ids)]
    return [
        Row(*holder, {"id": holder[1]}, "", edges, ("schedules",)),
        *(Row("schedule", one["id"], one, "") for one in made),
        told(holder, "schedules", weekly.as_text(before), weekly.as_text(after), source),
    ]


# Telephones


def _phones(some: Sequence[Mended], source: str) -> list[Row]:
    """Those that are added, and those whose number was taken out."""
    rows = []
    for holder in dict.fromkeys(one.holder for one in some if one.id == NEW):
        rows += _added(holder, [one for one in some if one.id == NEW and one.holder == holder], source)
    gone = [one for one in some if _takes_off(one)]
    for holder in dict.fromkeys(one.holder for one in gone):
        rows += _removed(holder, [one for one in gone if one.holder == holder], source)
    return rows


def _takes_off(one: Mended) -> bool:
    """A telephone without a number is none."""
    return (one.kind, one.name) == ("phone", "number") and not one.after and one.id != NEW


def _added(holder: Key, some: Sequence[Mended], source: str) -> list[Row]:
    phone: _Json = {"id": str(uuid4())}
    for one in some:
        _patch(phone, phone, one)
    if not phone.get("number"):
        return []
    phone.pop("texts_as_of", None)
    edge = Edge(*holder, "phones", "phone", phone["id"], _PLACES)
    data = {name: value for name, value in phone.items() if value is not None}
    return [
        Row("phone", phone["id"], data, "", [edge]),
        told(holder, "phones", "", str(phone["number"]), source),
    ]


def _removed(holder: Key, gone: Sequence[Mended], source: str) -> list[Row]:
    taken = {one.id for one in gone}
    left = [id for id in below(holder, "phones") if id not in taken]
    edges = [Edge(*holder, "phones", "phone", id, place) for place, id in enumerate(left)]
    history = [told(holder, "phones", one.before, "", source) for one in gone]
    return [Row(*holder, {"id": holder[1]}, "", edges, ("phones",)), *history]


def told(key: Key, name: str, before: str, after: str, source: str) -> Row:
    """What the history says of a change that no single field holds."""
    today = clock.today()
    id = str(uuid5(NAMESPACE_URL, new_key()))
    data = {
        "id": id,
        "resource_id": key[1],
        "resource_type": key[0],
        "last_action_date": today.isoformat(),
        "last_action_type": "update",
        "field_name": name,
        "previous_value": before,
        "replacement_value": after,
        "updated_by": source,
    }
    edge = Edge(*key, "metadata", "metadata", id, place_at(clock.now()))
    return Row("metadata", id, data, "", [edge])


def put_back(key: Key, said: _Json, source: str) -> None:
    """Undo a change that the history tells of, but for telephones (:func:`undone`).

    :raises Conflict: not known in whole what stood there, or it is not undone this way.
    """
    name, before = str(said.get("field_name")), str(said.get("previous_value") or "")
    if len(before) >= LONGEST_VALUE or name in {"phones", "id", FLAG}:
        raise Conflict(_NOT_FROM_HERE)
    if name == "schedules":
        days = weekly.from_text(before)
        some = [Mended(*key, "hours", day, "", spans) for day, spans in days.items()]
        put(some, source)
        return
    now = data_of([key]).get(key, {}).get(name)
    keep([Row(*key, {"id": key[1], name: _as_it_was(before, now)}, "")], source)


def undone(key: Key, said: _Json) -> list[Mended]:
    """What undoes a change of telephones; nothing for a change of something else.

    :raises Conflict: the telephone is another one by now.
    """
    name, before, after = (str(said.get(one) or "") for one in ("field_name", *_BEFORE_AFTER))
    if (key[0], name) == ("phone", "number") and before:
        now = str(data_of([key]).get(key, {}).get("number") or "")
        return [Mended(*key, "number", "", now, before)]
    if name != "phones":
        return []
    if not after:
        return _again(key, before)
    there = data_of(("phone", id) for id in below(key, "phones"))
    found = next((id for (_, id), data in there.items() if str(data.get("number")) == after), None)
    if found is None:
        raise Conflict(_NOT_FROM_HERE)
    return [Mended("phone", found, "number", "", after, "", key)]


def number_back(key: Key, said: _Json) -> list[Mended]:
    """What puts a text back that holds a telephone number which does not stand there now; else nothing."""
    name, before = str(said.get("field_name")), str(said.get("previous_value") or "")
    data = data_of([key]).get(key, {})
    now = plain(data.get(name))
    own = "fr" if data.get("texts_in") == "fr" else "en"
    is_text = FIELDS.get(key[0], {}).get(name) in IN_TWO_LANGUAGES and len(before) < LONGEST_VALUE
    return [Mended(*key, name, own, now, before)] if is_text and dialled_anew(now, before) else []


def _again(holder: Key, number: str) -> list[Mended]:
    """A telephone that was taken off, with what is still known of it."""
    off = data_of(("phone", id) for id in taken_off(holder, "phones"))
    data = next((one for one in off.values() if str(one.get("number")) == number), {})
    lang = "fr" if data.get("texts_in") == "fr" else "en"
    more = (("extension", ""), ("description", lang))
    found = [Mended("phone", NEW, "number", "", "", number, holder)]
    known = [(name, part, plain(data.get(name))) for name, part in more]
    return found + [
        Mended("phone", NEW, name, part, "", words, holder) for name, part, words in known if words
    ]


def _as_it_was(before: str, now: Any) -> Any:
    """A value from the words of the history: what is text now was text then."""
    if isinstance(now, str) or now is None:
        return before or None
    try:
        return json.loads(before) if before else None
    except ValueError:
        return before
