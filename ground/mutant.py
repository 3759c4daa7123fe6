"""A pytest plugin that makes one rule blind: what it should keep from somebody, it gives to everybody.

``MUTANT`` names the rule, "community.forum.permissions:topics_seen_by". Its code is exchanged in
place before any test is collected, so that whoever imported it, and however, gets the blind one.
Programs that a test starts on their own call :func:`from_environment` first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Set
from importlib import import_module
from operator import attrgetter
from types import FunctionType
from typing import Any

from sqlalchemy import ColumnElement, Select, true

WHICH = "MUTANT"


def pytest_configure() -> None:
    """Exchange the rule before the tests are read."""
    from_environment()


def from_environment() -> None:
    """Make the rule blind that the environment names, if it names one."""
    if named := os.environ.get(WHICH, ""):
        module, _, path = named.partition(":")
        make_blind(attrgetter(path)(import_module(module)))


def make_blind(rule: FunctionType) -> None:
    """Exchange the code of a rule for one that drops its conditions."""
    original = FunctionType(
        rule.__code__, rule.__globals__, rule.__name__, rule.__defaults__, rule.__closure__
    )
    original.__kwdefaults__ = rule.__kwdefaults__
    rule.__globals__["__everything__"] = _everything_of(original)
    rule.__code__ = _stand_in.__code__
    rule.__defaults__ = rule.__kwdefaults__ = None


def _stand_in(*facts: Any, **named: Any) -> Any:
    # A global of the rule's own module, put there by make_blind.
    return __everything__(*facts, **named)  # type: ignore[name-defined]  # noqa: F821


def _everything_of(rule: Callable[..., Any]) -> Callable[..., Any]:
    def everything(*facts: Any, **named: Any) -> Any:
        return _without_conditions(rule(*facts, **named), (*facts, *named.values()))

    return everything


def _without_conditions(found: Any, facts: tuple[Any, ...]) -> Any:
    """Everything, in the form in which the rule answers: rows, a condition, or some of the keys asked."""
    if isinstance(found, Select):
        return _plain(found)
    if isinstance(found, ColumnElement):
        return true()
    if isinstance(found, Set):
        asked = [fact for fact in facts if isinstance(fact, (Set, list, tuple))]
        return set(asked[-1]) if asked else found
    raise TypeError(f"a rule that answers with {type(found).__name__} cannot be made blind")


def _plain(rows: Select[Any]) -> Select[Any]:
    plain = rows._generate()
    plain._where_criteria = ()
    return plain
