"""Draws one picture anew, in a process that has little memory, little time and no way to write a file.

Run as a program by :mod:`pictures`: the picture comes in on standard input, its format is the one argument.
Standard output is a line of JSON, then the picture, then a small one. It knows nothing of the community.
A picture that cannot be drawn ends with the code of the reason; one that exhausts its bounds just ends.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 40_000_000
WHOLE, SMALL = 2048, 480  # the longest side, in pixels
MOST_BYTES = 4 * 1024 * 1024  # of a picture that is kept without loss
MEMORY, SECONDS = 1 << 30, 6
HUGE, BROKEN = 3, 4
MODES = ("L", "RGB", "RGBA")


def bound() -> None:
    """Give up what no picture needs. Some systems refuse one bound or the other: the rest hold."""
    for name, most in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_CPU", SECONDS),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def main(kind: str) -> int:
    """Draw what comes in. Returns the code that the process ends with."""
    content = sys.stdin.buffer.read()
    bound()
    warnings.simplefilter("ignore")
    try:
        return _draw(content, kind)
    except (MemoryError, RecursionError):
        return HUGE
    except Exception:  # whatever a decoder makes of bytes that are no picture
        return BROKEN


def _draw(content: bytes, kind: str) -> int:
    from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    known = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
    assert all(known)  # noqa: S101 - imported so that no other decoder is looked for
    Image.MAX_IMAGE_PIXELS = None  # ours is below, and is an answer
    with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return HUGE
        picture.draft(None, (WHOLE, WHOLE))  # a JPEG is decoded no larger than needed
        picture.load()  # the first frame
        ImageOps.exif_transpose(picture, in_place=True)
        drawn = _plain(picture)
    drawn.thumbnail((WHOLE, WHOLE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # Nothing of what came beside the pixels is left on it: places, cameras, comments, profiles.
    drawn.info = {}
    whole, code = _saved(drawn, kind)
    size = drawn.size
    drawn.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = _bytes(drawn, "WEBP", quality=80, method=2)
    facts = {"kind": code, "width": size[0], "height": size[1], "whole": len(whole)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + whole + small)
    sys.stdout.buffer.flush()
    return 0


def _plain(picture: Image.Image) -> Image.Image:
    """Grey, colours, or colours with transparency; whatever else there is becomes one of them."""
    if picture.mode in MODES and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    seen_through = picture.mode in {"LA", "PA", "La", "RGBa", "RGBA"} or "transparency" in picture.info
    return picture.convert("RGBA" if seen_through else "L" if picture.mode == "1" else "RGB")


def _saved(drawn: Image.Image, kind: str) -> tuple[bytes, str]:
    """The bytes of the picture, and of what kind they are."""
    if kind == "jpeg":
        return _bytes(drawn.convert("RGB") if drawn.mode == "RGBA" else drawn, "JPEG", quality=85), "jpeg"
    if kind in {"png", "gif"}:
        exact = _bytes(drawn, "PNG", compress_level=3)
        if len(exact) <= MOST_BYTES:
            return exact, "png"
    return _bytes(drawn, "WEBP", quality=85, method=2), "webp"


def _bytes(drawn: Image.Image, form: str, **more: int) -> bytes:
    made = io.BytesIO()
    drawn.save(made, form, **more)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
