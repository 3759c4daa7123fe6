"""Compressed texts put together: they say what they said, with each reader's token in them."""

from __future__ import annotations

import gzip
import random

import pytest

from community.core.pages.joined import Packed, join, pack, plain

TOKEN = "QQ" * 45 + "Q"


def token(length: int = len(TOKEN)) -> str:
    return "".join(random.choices("abcXYZ019._-", k=length))  # noqa: S311 - no secret of anybody


def text(*, forms: int, most: int = 400, mark: str = TOKEN) -> str:
    """So many forms with other words between them."""
    said = ["Où en êtes-vous ? ", "<p>Say little.</p>", "naloxone ", "é" * 40]
    return "".join("".join(random.choices(said, k=random.randint(0, most))) + mark for _ in range(forms))  # noqa: S311


def read(parts: list[Packed], said: str = "") -> str:
    return gzip.decompress(join(parts, said)).decode()


def test_what_is_joined_says_what_its_parts_said():
    parts = ["", "a", "<p>Say little.</p>" * 500, "é"]
    assert read([pack(part) for part in parts]) == "".join(parts)
    assert read([]) == ""


def test_what_is_as_it_is_stands_between_them():
    assert read([pack("one "), plain("« deux »".encode()), pack(" three")]) == "one « deux » three"


@pytest.mark.parametrize("forms", [1, 2, 60])
@pytest.mark.parametrize("most", [3, 400, 4_000])
def test_the_token_stands_in_each_of_its_places(forms, most):
    page, mine, other = text(forms=forms, most=most), token(), token()
    packed = pack(page, TOKEN)
    for said in (mine, other, mine):
        assert read([pack("head"), packed, packed], said) == "head" + page.replace(TOKEN, said) * 2


@pytest.mark.parametrize("length", [3, 10, 11, 18, 50, 91, 114, 115, 130, 131, 257, 258])
def test_a_token_may_have_any_length_that_a_block_can_repeat(length):
    mark = "Q" * length
    page, said = text(forms=20, mark=mark), token(length)
    assert read([pack(page, mark)], said) == page.replace(mark, said)


def test_a_token_of_another_length_is_refused():
    with pytest.raises(ValueError, match="another length"):
        join([pack(text(forms=1), TOKEN)], "short")


def test_no_token_is_compressed_with_what_stands_beside_it():
    page, said = text(forms=30, most=20), token()
    joined = join([pack(page, TOKEN)], said)
    assert joined.count(said.encode()) == 1  # as it is; the others say how far back it stands
    assert len(joined) < len(page) / 3


@pytest.mark.parametrize("before", [0, 1, 2, 255, 256, 70_001, 1_000_003])
def test_the_check_sum_moves_on_by_any_number_of_bytes(before):
    """Beside zlib's own: a text followed by so many bytes of another."""
    end = random.randbytes(before).hex()[:before]  # noqa: S311 - no secret of anybody
    assert read([pack("<p>Où ?</p>"), pack(end)]) == f"<p>Où ?</p>{end}"  # gzip compares the check sum
