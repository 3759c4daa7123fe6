"""What the fields of a form make of odd values, asked of the fields themselves while a good form is read.

A field takes a value, makes another of it, or refuses it, and does so in whatever request it is sent. So
whole requests are needed for what fields take: that goes on to a service and to the tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict
from wtforms.form import BaseForm

# Odd in what is made of them later, if anything is, and neither a number nor a day.
MERE_WORDS = (
    *("\u202egnp.\U0001f47b", "null", "' OR 1=1 --", "{{7*7}}${7*7}%s%n", "../../etc/passwd"),
    *("<script>alert(1)</script>", "line\r\nSet-Cookie: a=b"),
)
# To whoever takes words they are words: one text holds them all, and the numbers. The second is for names.
WORDS = (
    " ".join((*MERE_WORDS, "-1 NaN 1e400 2026-02-30 \u0663 9223372036854775808")),
    "' OR 1=1 -- {{7*7}}${7*7}%s%n null -1 NaN \u0663",
)


@dataclass
class Taken:
    """By the name of a field, what it makes of each value it takes. Any other name takes all as it is."""

    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def worth_sending(self, name: str, values: Sequence[str]) -> list[str]:
        """Of these values those that this field takes, once each that it makes the same of.

        Where it is a field of words, a text that holds many of them stands for those it holds.
        """
        if name not in self.made:
            return [*(value for value in values if value not in MERE_WORDS), WORDS[0]]
        made = self.made[name]
        whole = next((words for words in WORDS if isinstance(made.get(words), str)), "")
        kept = [value for value in values if value in made and not (value.strip() and value in whole)]
        return list({repr(made[value]): value for value in [*kept, whole] if value in made}.values())

    def refused(self, name: str, values: Sequence[str]) -> list[str]:
        """Of these values those that this field refuses."""
        return [value for value in values if name in self.made and value not in self.made[name]]


@contextmanager
def asked(names: Collection[str], values: Sequence[str]) -> Iterator[Taken]:
    """A block in which the fields of every form that is read are asked what they make of these values."""
    taken, plain = Taken(), BaseForm.validate

    def validate(form: BaseForm, extra_validators: Any = None) -> Any:
        for short, one in form._fields.items():
            if one.name in names:
                extra = (extra_validators or {}).get(short, ())
                taken.made[one.name] = _made(form, short, (*WORDS, *values), extra)
        return plain(form, extra_validators)

    BaseForm.validate = validate
    try:
        yield taken
    finally:
        BaseForm.validate = plain


def _made(form: BaseForm, short: str, values: Sequence[str], extra: Sequence[Any]) -> dict[str, Any]:
    one, own = form._fields[short], getattr(form, f"filter_{short}", None)
    before, made = vars(one).copy(), {}
    for value in values:
        one.process(ImmutableMultiDict({one.name: value}), extra_filters=[own] if own else [])
        if one.validate(form, extra):
            made[value] = one.data
        vars(one).clear()
        vars(one).update(before)
    return made
