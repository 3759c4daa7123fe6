"""What a stranger with tools asks first: files that lie about, odd verbs, injections, weak settings."""

from __future__ import annotations

import time
from collections import Counter
from itertools import cycle

import pytest

from community.app import create_app
from community.core.ids import ALPHABET, LENGTH, new_key
from config import BadSetting, read_settings
from tests.bad_input import lists
from tests.conftest import FAST, RING, new_database

LYING_ABOUT = (
    *(".git/HEAD", ".git/config", ".env", ".env.bak", "config.py", "config.py~", "wsgi.py"),
    *("instance/passerelle.db", "passerelle.db", "backup.zip", "backup.tar.gz", "dump.sql", "id_rsa"),
    *("keys/passerelle.keys", ".DS_Store", "server-status", "phpinfo.php", "console", "debug"),
    *("_debug_toolbar", "actuator/env", "swagger.json", "openapi.json", "docs", "redoc", "graphql"),
    *("metrics", "admin", "static", "static/", "static/build/", "static/src/"),
    *("static/%2e%2e/config.py", "static/..%2fconfig.py", "static//etc/passwd", "package.json"),
    *("templates/base.html", "requirements/run.txt", "uploads/", "files/", "crossdomain.xml"),
    *("WEB-INF/web.xml",),
)
VERBS = ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "DEBUG", "MOVE", "X"]
SAFE = {
    "PASSERELLE_ENV": "production",
    "BASE_URL": "https://community.example",
    "MAIL_URL": "smtp://mail.example",
    "PRIVACY_CONTACT": "somebody@community.example",
    "JOBS": "none",
}


def test_nothing_lies_about(client):
    for address in LYING_ABOUT:
        answer = client.get(f"/{address}")
        assert answer.status_code in {308, 404}, address
        if answer.status_code == 308:
            assert client.get(answer.location).status_code == 404, address


def test_no_verb_does_what_it_should_not(client):
    for verb in VERBS:
        answer = client.open("/en/", method=verb)
        assert answer.status_code in {400, 405, 501}, verb
        assert "X-Secret" not in answer.text
    echoed = client.open("/en/", method="TRACE", headers={"X-Secret": "mirrored"})
    assert "mirrored" not in echoed.text


def test_no_page_may_be_read_by_another_site(client):
    for origin in ("https://evil.example", "null", "http://localhost"):
        for address in ("/en/", "/en/search?q=x", "/healthz", "/static/build/nothing.css", "/en/nothing"):
            answer = client.get(address, headers={"Origin": origin})
            assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_what_a_text_says_of_itself_is_its_kind_and_its_letters(client):
    for address in ("/en/", "/fr/help", "/robots.txt", "/en/nothing", "/en/first-answers.csv", "/healthz"):
        kind = client.get(address).headers["Content-Type"]
        assert "charset=utf-8" in kind or kind == "application/json", address


def test_no_injection_is_worked_out_slows_or_breaks_anything(client):
    """In a search, a filter, an address, a header and a form by turns: it is text, or it is refused."""
    slow = []
    for words, turn in zip(lists.read("injection"), cycle(range(5))):
        plain = words.replace("\0", "").replace("\r", "").replace("\n", "")
        started = time.thread_time()
        if turn == 0:
            answer = client.get("/en/search", query_string={"q": words})
        elif turn == 1:
            answer = client.get("/en/latest", query_string={"kind": words, "after": words, "region": words})
        elif turn == 2:
            answer = client.get(f"/en/topics/{plain or 'x'}")
        elif turn == 3:
            line = plain.encode("latin-1", "ignore").decode("latin-1")
            names = ("User-Agent", "Accept-Language", "X-Forwarded-For", "Referer")
            answer = client.get("/en/help", headers=dict.fromkeys(names, line))
        else:
            answer = client.post("/en/password/forgotten", data={"email": words, "next": words})
        assert answer.status_code < 500, words
        assert "9801547" not in answer.text, words
        assert "forged" not in answer.headers.get("Set-Cookie", "")
        if time.thread_time() - started > 1.0:
            slow.append(words)
    assert not slow


def test_a_search_of_ten_thousand_words_and_one_of_signs_end_soon(client):
    for words in ("word " * 10_000, "*" * 5_000, '"' * 5_000, "(" * 5_000, "a* " * 3_000, ".*" * 3_000):
        started = time.thread_time()
        assert client.get("/en/search", query_string={"q": words}).status_code == 200
        assert time.thread_time() - started < 1.0


def test_pages_without_end_are_not_there(client):
    for page in ("1000000000", "-1", "1e9", "0x10", "99999999999999999999"):
        for address in ("/en/latest", "/en/search"):
            query = {"page": page, "per_page": page, "limit": page, "q": "x"}
            assert client.get(address, query_string=query).status_code in {200, 400, 404}


def test_parts_of_a_page_and_packed_forms_are_not_taken(client):
    parts = ",".join(f"{n}-{n}" for n in range(1_500))
    answer = client.get("/en/help", headers={"Range": f"bytes={parts}"})
    assert (answer.status_code, "multipart" in answer.headers["Content-Type"]) == (200, False)
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/en/theme", data=b"\x1f\x8b\x08" + b"0" * 200, headers=packed)
    assert answer.status_code in {400, 415}


@pytest.mark.parametrize("name", ["BASE_URL", "MAIL_URL", "PRIVACY_CONTACT"])
def test_production_does_not_start_without_what_keeps_it_safe(tmp_path, name):
    with pytest.raises(BadSetting, match=name):
        read_settings({**SAFE, "INSTANCE_DIR": str(tmp_path), name: ""})
    with pytest.raises(BadSetting, match="BASE_URL"):
        read_settings({**SAFE, "INSTANCE_DIR": str(tmp_path), "BASE_URL": "http://community.example"})
    read_settings({**SAFE, "INSTANCE_DIR": str(tmp_path)})


def test_behind_https_browsers_are_told_to_stay_there_and_cookies_do(tmp_path, worker_id):
    address = new_database(tmp_path, f"passerelle_https_{worker_id}")
    settings = read_settings({**SAFE, "INSTANCE_DIR": str(tmp_path), "DATABASE_URL": address})
    app = create_app(settings, keyring=RING, RATELIMIT_ENABLED=False, **FAST)
    with app.test_request_context("/healthz", base_url="https://community.example"):
        answer = app.full_dispatch_request()
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert not any(app.config.get(name) for name in ("SESSION_COOKIE_DOMAIN", "DEBUG", "TESTING"))
    assert app.config["JOINING_TAKES"] == 3


def test_ten_thousand_keys_are_as_many_and_follow_no_pattern():
    keys = [new_key() for _ in range(10_000)]
    assert len(set(keys)) == 10_000
    assert {len(key) for key in keys} == {LENGTH}
    assert sum(one < other for one, other in zip(keys, keys[1:], strict=False)) in range(4_700, 5_300)
    for place in range(1, LENGTH):
        often = Counter(key[place] for key in keys)
        assert set(often) <= set(ALPHABET)
        assert max(often.values()) < 270, place
