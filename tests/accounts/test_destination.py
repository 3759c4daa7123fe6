"""Where one may be led after signing in: addresses that browsers repair into other sites (case 22)."""

from __future__ import annotations

import itertools
from urllib.parse import quote, urljoin, urlsplit

import pytest

from community.accounts.signin.destination import is_ours
from tests.bad_input.test_redirects import ELSEWHERE

SITE = "https://community.example/en/sign-in"
STARTS = [
    *("/", "//", "///", "/\\", "\\\\", "\\/", "/\t/", "/\n/", "/\r/", "\t//", " //", "/ /", "/\x00/", "/.//"),
    *("", "https:", "https:/", "https://", "http:", "HTTPS://", "ftp://", "javascript:", "data:text/html,"),
    *(
        "//user@",
        "/%2f",
        "/%5c",
        "%2f%2f",
        "%09//",
        "/%0d%0a/",
        "/\u2044",
        "/\uff0f",
        "\uff0f\uff0f",
        "/\u3002",
    ),
    *("/;//", "/?//", "/#//", "/en\\", "/en/\t/", "/en\n", "/enx/", "/EN/", "/de/", "/oidc/", "/static/"),
    *("/./\\", "/en//\\", "/fr/\\", "/en/..\\"),
]
HOSTS = [
    *("evil.example", "evil.example/", "evil%2eexample", "evil\u3002example", "[::1]", "2130706433"),
    "@evil.example",
]
GOOD = [
    *("/en", "/fr/", "/en/spaces", "/fr/search?q=a%20b&page=2", "/en/topics/abc#post-3"),
    "/en/?next=https://evil.example",
]


def follow(address):
    """Where a browser goes: it drops tabs and line ends, trims, and takes a backslash for a slash."""
    repaired = "".join(c for c in address.strip("\x00 \t\r\n\x0c") if c not in "\t\r\n")
    path, mark, rest = repaired.partition("?")
    return urljoin(SITE, path.replace("\\", "/") + mark + rest)


def corpus():
    yield from ELSEWHERE
    for start, host in itertools.product(STARTS, HOSTS):
        yield start + host
        yield quote(start) + host
        yield "/en/" + start + host


def test_whatever_is_taken_for_a_page_of_ours_is_one():
    tried = list(corpus())
    assert len(tried) > 900
    for address in tried:
        if is_ours(address):
            assert urlsplit(follow(address)).netloc == "community.example", ascii(address)
            assert urlsplit(follow(address)).scheme == "https", ascii(address)


@pytest.mark.parametrize("address", [*STARTS, *(start + "evil.example" for start in STARTS)], ids=ascii)
def test_what_does_not_begin_as_a_page_of_ours_is_none(address):
    assert not is_ours(address)


@pytest.mark.parametrize("address", GOOD)
def test_a_page_of_ours_is_one(address):
    assert is_ours(address)


@pytest.mark.parametrize("address", [None, "", "/en/" + "a" * 2000])
def test_no_address_and_an_endless_one_are_none(address):
    assert not is_ours(address)
