"""Which names of a form or a query are read: whatever else stands in it, nobody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

EVERYTHING = "*"  # of whoever goes through all that was sent
JSON = "json"


class Noted(ImmutableMultiDict[str, str]):
    """The fields of a query or a form, which note what is read of them."""

    read: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *more: Any, **types: Any) -> list[Any]:  # type: ignore[override]
        self.read.add(name)
        return super().getlist(name, *more, **types)

    def __iter__(self) -> Iterator[str]:
        self.read.add(EVERYTHING)
        return super().__iter__()

    def keys(self) -> Any:
        self.read.add(EVERYTHING)
        return super().keys()

    def items(self, multi: bool = False) -> Any:
        self.read.add(EVERYTHING)
        return super().items(multi)

    def lists(self) -> Any:
        self.read.add(EVERYTHING)
        return super().lists()

    def to_dict(self, *more: Any, **named: Any) -> Any:
        self.read.add(EVERYTHING)
        return super().to_dict(*more, **named)


@contextmanager
def noting(app: Flask) -> Iterator[set[str]]:
    """A block after which the set holds every name that was read in it, and ``JSON`` where that was."""

    class Request(app.request_class):  # type: ignore[name-defined,misc]
        parameter_storage_class = Noted

        def get_json(self, *more: Any, **named: Any) -> Any:
            Noted.read.add(JSON)
            return super().get_json(*more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "request_class", Request)
        Noted.read.clear()
        yield Noted.read
