"""The limit: a bare Flask route that returns the bytes of a page, kept in memory."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__, static_folder=None)
PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes() if os.environ.get("BENCH_PAGE") else b""


@app.get("/")
def page() -> Response:
    """The page, compressed as the site sends it."""
    answer = Response(PAGE, mimetype="text/html")
    answer.headers["Content-Encoding"] = "gzip"
    return answer
