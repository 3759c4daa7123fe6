"""A web server without docstrings: five megabytes of every process, which nobody asks there.

``python -OO`` would leave them out as well, and with them every ``assert`` of the libraries; and where the
program's folder cannot be written to, as under systemd, everything would be compiled at each start.
Operators' commands keep theirs: they are their help.
"""

from __future__ import annotations

import dis
import gc
from types import CodeType, FunctionType

SHORTEST = 60  # characters; a shorter one gives back less than looking for it is worth
_ASKING = [bytes((code, 0)) for code in dis.hasconst]  # instructions that ask for the first constant


def forget_docstrings() -> int:
    """Take the docstrings out of all functions that are loaded. Returns how many characters they had."""
    gc.unfreeze()  # what is frozen is not found
    try:
        return sum(_without(one) for one in gc.get_objects() if type(one) is FunctionType)
    finally:
        gc.freeze()


def _without(function: FunctionType) -> int:
    text = function.__doc__
    if not isinstance(text, str) or len(text) < SHORTEST:
        return 0
    function.__doc__ = None
    if _holds_only_there(function.__code__, text):
        function.__code__ = function.__code__.replace(co_consts=(None, *function.__code__.co_consts[1:]))
    return len(text)


def _holds_only_there(code: CodeType, text: str) -> bool:
    """Whether the first constant is the docstring, and is not used as a value, too."""
    return (
        bool(code.co_consts) and code.co_consts[0] is text and not any(one in code.co_code for one in _ASKING)
    )
