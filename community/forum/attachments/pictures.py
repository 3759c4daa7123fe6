"""Has a picture drawn anew by a process of its own: nobody's bytes are ever decoded in this one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext as _l

from community.core.errors import Invalid, Unavailable
from community.forum.attachments import redraw
from community.forum.attachments.kinds import FIELD

PATIENCE = 12  # seconds, for one picture and for a free seat
HUGE = _l("The picture is too large: at most 40 million pixels. Make it smaller, then choose it again.")
BROKEN = _l("The picture cannot be read: it is damaged or cut off. Save it again, then choose it here.")
# So many at once in one process: each may take a gigabyte.
_seats = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: pixels, and nothing that came with them."""

    kind: str
    width: int
    height: int
    whole: bytes
    small: bytes


def drawn_anew(content: bytes, kind: str) -> Picture:
    """The picture, drawn by us, at most 2048 pixels a side, and a small one.

    :param kind: "png", "jpeg", "webp" or "gif"; a still of the last comes back as PNG.
    :raises Invalid: it is too large, damaged, or takes too long. :raises Unavailable: too many at once.
    """
    if not _seats.acquire(timeout=PATIENCE):
        raise Unavailable
    try:
        done = subprocess.run(  # noqa: S603 - nothing of what people send is in the command
            [sys.executable, "-I", str(Path(redraw.__file__)), kind],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalid(FIELD, HUGE) from None
    finally:
        _seats.release()
    if done.returncode != 0:
        # A process that was stopped at its bounds had too much to draw.
        raise Invalid(FIELD, BROKEN if done.returncode == redraw.BROKEN else HUGE)
    head, _, rest = done.stdout.partition(b"\n")
    facts = json.loads(head)
    cut = facts["whole"]
    return Picture(facts["kind"], facts["width"], facts["height"], rest[:cut], rest[cut:])
