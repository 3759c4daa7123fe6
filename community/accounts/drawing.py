"""A drawing that a phone reads (QR code), as one path: nothing is loaded and no style is written."""

from __future__ import annotations

from dataclasses import dataclass

_MARGIN = 4


@dataclass(frozen=True)
class Drawing:
    """``size`` squares each way; ``path`` draws the dark ones."""

    size: int
    path: str


def path_of(text: str) -> Drawing:
    """The drawing of a text."""
    from qrcode.constants import ERROR_CORRECT_M  # with it comes a library of pictures
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=_MARGIN)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Drawing(len(rows), path)
