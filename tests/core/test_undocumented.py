"""Functions without their docstrings do what they did."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from community.core import undocumented

LONG = "It says so at some length, so that it is worth the while to forget it again."


@pytest.fixture(autouse=True)
def only_those_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The docstrings of the program stay for the other tests."""

    class Here:
        found: list[object] = [documented, twice, short, counted]
        unfreeze = freeze = staticmethod(lambda: None)
        get_objects = classmethod(lambda cls: cls.found)

    monkeypatch.setattr(undocumented, "gc", Here)
    return


def documented(number: int, *, more: int = 2) -> tuple[int, str]:
    """It says so at some length, so that it is worth the while to forget it, with what it returns."""
    return number + more, "a value"


def twice() -> str:
    """It says so at some length, so that it is worth the while to forget it again."""
    return "It says so at some length, so that it is worth the while to forget it again."


def short() -> None:
    """Short."""


def counted(most: int) -> Iterator[int]:
    """It gives numbers, one after the other, and says here that it does so, at some length."""
    inner = lambda number: number * 2  # noqa: E731 - one more constant
    yield from (inner(one) for one in range(most))


def test_they_do_what_they_did() -> None:
    there = len(documented.__doc__ or "") + len(twice.__doc__ or "") + len(counted.__doc__ or "")
    assert undocumented.forget_docstrings() == there
    assert documented(1) == (3, "a value")
    assert documented(1, more=5) == (6, "a value")
    assert twice() == LONG  # what is a value as well stays one
    assert list(counted(3)) == [0, 2, 4]
    assert (documented.__doc__, twice.__doc__, counted.__doc__) == (None, None, None)
    assert documented.__code__.co_consts[0] is None
    assert short.__doc__ == "Short."


def test_the_text_is_gone_from_memory() -> None:
    class Text(str):
        __slots__ = ("__weakref__",)

    def told() -> None: ...

    told.__doc__ = Text(LONG)
    gone = weakref.ref(told.__doc__)
    undocumented.gc.found.append(told)  # type: ignore[attr-defined]
    undocumented.forget_docstrings()
    gc.collect()
    assert gone() is None
