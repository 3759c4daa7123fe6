"""Secure headers on every answer, and the compression of text."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

_GZIP_FROM = 1000
_GZIP_LEVEL = 1  # level 6 costs five times as much for a tenth less
_GZIP_ONCE = 9  # what was built is packed once and kept
_TEXT = ("text/", "application/json", "application/atom+xml", "image/svg+xml", "application/javascript")


def _policy() -> ContentSecurityPolicy:
    return (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .font_src("'self'")
        .connect_src("'self'")
        .manifest_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
        .object_src("'none'")
    )


def _headers(https: bool) -> Secure:
    return Secure(
        csp=_policy(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        referrer=ReferrerPolicy().no_referrer(),
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(31_536_000).include_subdomains() if https else None,
    )


def init_app(app: Flask) -> None:
    """Set headers and compress, in that order."""
    secure = _headers(app.extensions["settings"].base_url.startswith("https://"))
    said = [(name, name.lower(), value) for name, value in secure.headers.items()]

    @app.after_request
    def protect(response: Response) -> Response:
        there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - of headers, not a dict
        response.headers.extend((name, value) for name, lower, value in said if lower not in there)
        _private(response)
        return _compress(response)


def _private(response: Response) -> None:
    """What is made for one person is kept by no cache and no index; pages differ by language and cookie."""
    if request.endpoint == "static" or "Cache-Control" in response.headers:
        return
    signed_in = getattr(g, "viewer", None) is not None and g.viewer.signed_in
    response.headers["Cache-Control"] = "no-store" if signed_in else "no-cache, private"
    if signed_in:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, noai"
    response.vary.add("Cookie")


def _compress(response: Response) -> Response:
    """Gzip text at a low level, unless it was already, or streams.

    Every page carries a CSRF token masked anew each time, so that what compresses beside it tells
    nothing of it (the BREACH attack).
    """
    wants = "gzip" in request.headers.get("Accept-Encoding", "")
    if wants and request.endpoint == "static":
        return _compress_built(response)
    is_text = (response.mimetype or "").startswith(_TEXT)
    if not wants or not is_text or response.direct_passthrough or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers or response.status_code in {204, 304}:
        return response
    body = response.get_data()
    if len(body) >= _GZIP_FROM:
        response.set_data(gzip.compress(body, _GZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _compress_built(response: Response) -> Response:
    """A built file under the name of its content, packed as small as can be, once."""
    name = (request.view_args or {}).get("filename", "")
    is_text = (response.mimetype or "").startswith(_TEXT)
    if response.status_code != 200 or not is_text or not name.startswith("build/"):
        return response
    path = Path(current_app.static_folder or "", name)
    if path.stat().st_size < _GZIP_FROM:
        return response
    if close := getattr(response.response, "close", None):
        close()  # the file that was opened to be sent as it is
    response.direct_passthrough = False
    response.set_data(_packed(path))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=32)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), _GZIP_ONCE, mtime=0)
