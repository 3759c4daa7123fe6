"""What a file is: its ending, its first bytes and what the browser called it must say the same. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from community.core.errors import Invalid

FIELD = "files"
EMPTY = _l("The file is empty.")
UNKNOWN = _l(
    "Files of this kind are not taken: pictures (PNG, JPEG, WebP, GIF), PDF and plain text or CSV are."
)
DRAWING = _l("SVG drawings are not taken: they can hold programs. Save it as PNG, then choose it here.")
NOT_ITS_NAME = _l(
    "The file is not what its name says. Save it again in its own program, then choose it here."
)
NOT_TEXT = _l("This is not plain text: it holds characters that no text has. Save it as text (UTF-8).")
NOT_WHOLE = _l("The PDF is not whole, or holds something else behind it. Save it again, then choose it here.")


@dataclass(frozen=True)
class Kind:
    """One kind of file that is taken. The first ending is the one it is given back with."""

    code: str
    endings: tuple[str, ...]
    declared: tuple[str, ...]  # what browsers call it
    media: str  # what it is given back as
    picture: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        Kind("png", ("png",), ("image/png",), "image/png", picture=True),
        Kind("jpeg", ("jpg", "jpeg"), ("image/jpeg", "image/pjpeg"), "image/jpeg", picture=True),
        Kind("webp", ("webp",), ("image/webp",), "image/webp", picture=True),
        Kind("gif", ("gif",), ("image/gif",), "image/gif", picture=True),
        Kind("pdf", ("pdf",), ("application/pdf",), "application/pdf"),
        Kind("text", ("txt", "text"), ("text/plain",), "text/plain; charset=utf-8"),
        # Given back as text: a spreadsheet would run its formulas. Systems without a name for it send none.
        Kind(
            "csv",
            ("csv",),
            (
                "text/csv",
                "text/plain",
                "application/csv",
                "application/vnd.ms-excel",
                "application/octet-stream",
            ),
            "text/plain; charset=utf-8",
        ),
    )
}
TEXTS = frozenset({"text", "csv"})
# For the file field of a form.
ACCEPTED = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)
_BY_ENDING = {ending: kind for kind in KINDS.values() for ending in kind.endings}
_STARTS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
# Other things that begin like text, or are known by what they begin with.
_MARKUP = re.compile(
    rb"\s*(?:<(?:\?xml|!doctype|!--|html|head|body|script|svg)\b|%!ps|\{\\rtf|#!)", re.IGNORECASE
)
_DRAWING = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_TAIL = 1024  # a PDF says that it ends within its last bytes
_ZIP_TAIL = 66_000  # and a ZIP where its list is
_BYTE_ORDER = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(name: str, declared: str, content: bytes) -> Kind:
    """What a file is.

    :param declared: the type the browser sent with it. :raises Invalid: it is none that is taken, or its
        name, its first bytes and its declared type do not agree.
    """
    if not content:
        raise Invalid(FIELD, EMPTY)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in {"svg", "svgz"} or _DRAWING.search(content[:_TAIL]):
        raise Invalid(FIELD, DRAWING)
    kind = _BY_ENDING.get(ending)
    if kind is None:
        raise Invalid(FIELD, UNKNOWN)
    said = declared.partition(";")[0].strip().lower()
    found = _by_content(content)
    if said not in kind.declared or found != (None if kind.code in TEXTS else kind.code):
        raise Invalid(FIELD, NOT_ITS_NAME)
    if kind.code == "pdf":
        _require_whole(content)
    if kind.code in TEXTS:
        _require_no_markup(text_of(content).encode())
    return kind


def _require_no_markup(kept: bytes) -> None:
    """Nor once it is decoded: behind a mark of its byte order, or in UTF-16, a page looks like a text."""
    if _DRAWING.search(kept[:_TAIL]):
        raise Invalid(FIELD, DRAWING)
    if _by_content(kept) is not None:
        raise Invalid(FIELD, NOT_ITS_NAME)


def _by_content(content: bytes) -> str | None:
    """What the first bytes say; None for what may be text."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"%PDF-"):
        return "pdf"
    return next((code for start, code in _STARTS if content.startswith(start)), None) or (
        "markup" if _MARKUP.match(content) else None
    )


def _require_whole(content: bytes) -> None:
    """It ends where a PDF ends, and no archive hangs behind it."""
    if b"%%EOF" not in content[-_TAIL:] or b"PK\x05\x06" in content[-_ZIP_TAIL:]:
        raise Invalid(FIELD, NOT_WHOLE)


def text_of(content: bytes) -> str:
    """The words of a text file: UTF-8, UTF-16 with its mark, or what older systems here write.

    :raises Invalid: it is no text.
    """
    coding = next((coding for mark, coding in _BYTE_ORDER if content.startswith(mark)), "")
    for tried in (coding,) if coding else ("utf-8", "cp1252"):
        try:
            words = content.decode(tried)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(words):
            return words
    raise Invalid(FIELD, NOT_TEXT)
