"""Files of messages, and bytes such as people send."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from community.core import clock
from community.core.db import db
from community.forum.attachments.pictures import Picture
from community.forum.models import Attachment, Post
from community.forum.services import attachments

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """A picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(made, form, **more)
    return made.getvalue()


# Drawn once: what it is made of matters to no test.
DRAWN = Picture("png", 60, 40, picture(), picture("WEBP", (30, 20)))


def on_post(
    post: Post, *, gone: bool = False, kind: str = "png", name: str = "", alt: str = "A chart"
) -> str:
    """A file of a message, in the open transaction; ``gone``: as it is once the message was withdrawn."""
    content = {"png": DRAWN.whole, "pdf": PDF}.get(kind, b"Some words.")
    small = DRAWN.small if kind == "png" else b""
    row = Attachment(
        post_id=post.id,
        position=1,
        kind=kind,
        name=name,
        alt="" if gone or kind != "png" else alt,
        size=0 if gone else len(content) + len(small),
        width=None if gone or kind != "png" else DRAWN.width,
        height=None if gone or kind != "png" else DRAWN.height,
        file="" if gone else attachments.put(content),
        small="" if gone or not small else attachments.put(small),
        added_on=clock.today(),
    )
    db.session.add(row)
    db.session.get_one(Post, post.id).files += 1
    db.session.flush()
    return row.key
