"""Behind HTTPS our pages send no referrer; their forms are taken all the same."""

from __future__ import annotations

import re


def test_a_form_of_ours_is_taken_over_https_without_a_referrer(app):
    app.config["WTF_CSRF_ENABLED"], before = True, app.config.get("WTF_CSRF_ENABLED", True)
    try:
        client = app.test_client()
        page = client.get("/en/menu", base_url="https://localhost").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        answer = client.post(
            "/en/theme",
            data={"theme": "dark", "csrf_token": token[1]},
            base_url="https://localhost",
            headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = before
    assert answer.status_code == 302
