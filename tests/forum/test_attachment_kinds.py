"""What is taken in: what a file is, what it is called, and what is left of a picture. No database."""

from __future__ import annotations

import io
import resource
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from community.core.errors import Invalid, TooLarge
from community.forum.attachments import intake, kinds, pictures
from community.forum.attachments.intake import Sent, made_ready
from community.forum.attachments.kinds import kind_of, text_of
from community.forum.attachments.names import disposition, stem_of
from community.forum.attachments.pictures import drawn_anew
from tests.make.files import PDF, picture

PNG = picture()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def refused(name, declared, content):
    with pytest.raises(Invalid) as problem:
        kind_of(name, declared, content)
    assert problem.value.field == "files"
    return problem.value.sentence


@pytest.mark.parametrize(
    ("name", "declared", "content", "code"),
    [
        ("a.png", "image/png", PNG, "png"),
        ("A.JPG", "image/jpeg", picture("JPEG"), "jpeg"),
        ("a.b.webp", "image/webp", picture("WEBP"), "webp"),
        ("a.gif", "image/gif", picture("GIF"), "gif"),
        ("a.pdf", "application/pdf", PDF, "pdf"),
        ("notes.txt", "text/plain; charset=utf-8", b"Start low.", "text"),
        ("doses.csv", "application/vnd.ms-excel", b"day;dose\n1;4\n", "csv"),
    ],
)
def test_a_file_is_what_its_name_its_first_bytes_and_its_declared_type_agree_on(
    name, declared, content, code
):
    assert kind_of(name, declared, content).code == code


@pytest.mark.parametrize(
    ("name", "declared", "content", "sentence"),
    [
        ("a.png", "image/png", b"", kinds.EMPTY),
        ("a.svg", "image/svg+xml", SVG, kinds.DRAWING),
        ("a.png", "image/png", SVG, kinds.DRAWING),
        ("a.txt", "text/plain", b"\n " + SVG, kinds.DRAWING),
        ("a.svgz", "image/svg+xml", b"\x1f\x8b\x08", kinds.DRAWING),
        ("a.exe", "application/x-msdownload", b"MZ\x90", kinds.UNKNOWN),
        ("a.html", "text/html", b"<html>", kinds.UNKNOWN),
        ("a", "image/png", PNG, kinds.UNKNOWN),
        ("a.png.exe", "image/png", PNG, kinds.UNKNOWN),
        ("a.jpg", "image/jpeg", PNG, kinds.NOT_ITS_NAME),
        ("a.png", "image/jpeg", PNG, kinds.NOT_ITS_NAME),
        ("a.png", "text/html", PNG, kinds.NOT_ITS_NAME),
        ("a.png", "", PNG, kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", PNG, kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", PDF, kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", b"  <!DOCTYPE html><p>x", kinds.NOT_ITS_NAME),
        ("a.csv", "text/csv", b"<script>alert(1)</script>", kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", b"{\\rtf1 x}", kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", b"\xef\xbb\xbf<html><script>", kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", "<!doctype html><p>x".encode("utf-16"), kinds.NOT_ITS_NAME),
        ("a.csv", "text/csv", "#!/bin/sh".encode("utf-16"), kinds.NOT_ITS_NAME),
        ("a.txt", "text/plain", SVG.decode().encode("utf-16"), kinds.DRAWING),
        ("a.pdf", "application/pdf", b"%PDF-1.4 cut off", kinds.NOT_WHOLE),
        ("a.pdf", "application/pdf", b"\n" + PDF, kinds.NOT_ITS_NAME),
        ("a.pdf", "application/pdf", PDF + b"PK\x05\x06" + b"\0" * 18, kinds.NOT_WHOLE),
    ],
)
def test_what_does_not_agree_is_refused_with_its_reason(name, declared, content, sentence):
    assert refused(name, declared, content) == sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Début".encode(), "Début"),
        (b"\xef\xbb\xbfD\xc3\xa9but", "Début"),
        ("Début".encode("utf-16"), "Début"),
        ("Début d’essai".encode("cp1252"), "Début d’essai"),
    ],
)
def test_a_text_is_read_in_the_codings_people_here_have(content, words):
    assert text_of(content) == words


@pytest.mark.parametrize("content", [b"a\x00b", bytes(range(256)), b"\xff\xfe\x00", b"\x1b[31mred"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(Invalid) as problem:
        text_of(content)
    assert problem.value.sentence == kinds.NOT_TEXT


# Names

BAD_NAMES = [
    # Out of its folder
    *("../../etc/passwd.txt", "..\\..\\windows\\win.ini.txt", "/etc/shadow.txt", "C:\\boot.txt"),
    *("....//x.txt", "a%2e%2e%2fb.txt", "file://x.txt", "~/.ssh/id.txt"),
    # Characters that do something, that show nothing, that turn the text round
    *("a\x00.png.txt", "a\r\nSet-Cookie: x=1.txt", "a\tb.txt", "\x1b[2Ja.txt", "a\u202egnp.txt"),
    *("\u2066a\u2069.txt", "a\u200b.txt", "\ufeffa.txt", "a\ud800b.txt", "a\u0301\u0327\u0328.txt"),
    # What systems keep for themselves
    *("con.txt", "NUL", "nul.txt", "com1.txt", "LPT9.txt", "aux.a.txt", ".htaccess", "desktop.ini.txt"),
    *("...", "", " ", ".txt", "a.", "a .txt", "-rf.txt", "é" * 300 + ".txt", "a" * 300),
    # Programs of others
    *("$(reboot).txt", "`id`.txt", "a;b|c.txt", '"quoted".txt', "{{7*7}}.txt", "=HYPERLINK(1).txt"),
    *("<script>alert(1)</script>.txt", "ｆｕｌｌ．txt", "名前.txt", "🙂.txt"),
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_becomes_a_safe_one_or_none(name):
    stem = stem_of(name)
    assert len(stem) <= 80
    assert stem.isprintable()
    assert not set(stem) & set("/\\<>:\"|?*;%$`&'~{}=@\x00\r\n\u202e\u200b")
    assert not stem.startswith((".", "-", " "))
    assert not stem.endswith((".", " "))
    assert stem.partition(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}
    assert stem_of(f"{stem}.txt") == stem, "made safe once, it stays as it is"
    header = disposition("attachment", f"{stem or 'file-1'}.txt")
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_a_good_name_is_kept_as_it_is():
    assert stem_of("Protocole d'été (version 2).pdf") == "Protocole d été (version 2)"
    header = disposition("attachment", "Début – été.pdf")
    assert header == (
        "attachment; filename=\"Debut  ete.pdf\"; filename*=UTF-8''D%C3%A9but%20%E2%80%93%20%C3%A9t%C3%A9.pdf"
    )


# Pictures


def opened(content):
    return Image.open(io.BytesIO(content))


def exif():
    facts = Image.Exif()
    facts[0x010F], facts[0x013B], facts[0x0112] = "A camera", "An author", 6
    facts.get_ifd(0x8825)[2] = (45.0, 30.0, 0.0)
    return facts


TRACES = (b"An author", b"A camera", b"Exif", b"EXIF", b"xmp", b"ICCP", b"iCCP", b"pHYs", b"tEXt")


def test_nothing_that_came_with_the_pixels_is_left():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "An author")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>An author</x:xmpmeta>")
    profile = b"\0" * 128 + b"An author's profile"
    sent = [
        ("jpeg", picture("JPEG", (80, 40), exif=exif(), comment=b"An author", icc_profile=profile)),
        ("png", picture("PNG", (80, 40), pnginfo=info, exif=exif(), icc_profile=profile, dpi=(301, 301))),
        ("webp", picture("WEBP", (80, 40), exif=exif(), xmp=b"<x>An author</x>", icc_profile=profile)),
        ("gif", picture("GIF", (80, 40), comment=b"An author")),
    ]
    for kind, content in sent:
        assert b"An author" in content or kind == "png"
        drawn = drawn_anew(content, kind)
        for left in (drawn.whole, drawn.small):
            for trace in (
                b"An author",
                b"A camera",
                b"Exif",
                b"EXIF",
                b"xmp",
                b"ICCP",
                b"iCCP",
                b"pHYs",
                b"tEXt",
            ):
                assert trace not in left, (kind, trace)
        assert not dict(opened(drawn.whole).getexif())
        assert drawn.kind == ("png" if kind == "gif" else kind)


def test_a_picture_taken_sideways_stands_upright():
    drawn = drawn_anew(picture("JPEG", (80, 40), exif=exif()), "jpeg")
    assert (drawn.width, drawn.height) == (40, 80)
    assert opened(drawn.whole).size == (40, 80)


def test_of_a_moving_picture_the_first_still_is_kept():
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=50)
    drawn = opened(drawn_anew(made.getvalue(), "gif").whole)
    assert getattr(drawn, "n_frames", 1) == 1
    assert drawn.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_large_picture_is_made_smaller_and_a_small_one_goes_with_it():
    drawn = drawn_anew(picture("JPEG", (4000, 1000)), "jpeg")
    assert (drawn.width, drawn.height) == (2048, 512)
    assert opened(drawn.small).size == (480, 120)


def test_what_can_be_seen_through_stays_so_and_odd_kinds_of_pixels_are_drawn():
    for mode in ("RGBA", "LA", "P", "1", "L", "I;16"):
        made = io.BytesIO()
        Image.new(mode, (20, 20)).save(made, "PNG")
        assert opened(drawn_anew(made.getvalue(), "png").whole).mode in {"RGBA", "RGB", "L"}


def _flood(wide, high):
    """A picture whose head says how large it is, and little more."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


LYING = b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 90
GIF_SCREEN = b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02D\x01\x00;"


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        pytest.param("png", _flood(50_000, 50_000), pictures.HUGE, id="pixel flood"),
        pytest.param("png", _flood(2**31 - 1, 2**31 - 1), pictures.HUGE, id="huge dimensions"),
        pytest.param("gif", GIF_SCREEN, pictures.HUGE, id="a huge screen"),
        pytest.param("png", _flood(900, 900), pictures.BROKEN, id="cut off"),
        pytest.param("png", PNG[:60], pictures.BROKEN, id="truncated"),
        pytest.param("jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 500, pictures.BROKEN, id="a head alone"),
        pytest.param(
            "webp", b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 90, pictures.BROKEN, id="a lying length"
        ),
        pytest.param("png", picture("JPEG"), pictures.BROKEN, id="another kind"),
    ],
)
def test_a_bomb_is_refused_within_a_second_of_processor_time(kind, content, sentence):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Invalid) as problem:
        drawn_anew(content, kind)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert problem.value.sentence == sentence
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_what_hangs_behind_a_picture_is_gone_once_it_is_drawn():
    drawn = drawn_anew(PNG + b"PK\x03\x04<script>alert(1)</script>%PDF-1.4", "png")
    assert not any(trace in drawn.whole for trace in (b"PK\x03", b"script", b"%PDF"))


# All of it


def test_a_file_that_is_too_large_is_not_looked_at():
    with pytest.raises(TooLarge):
        made_ready(Sent("a.png", "image/png", PNG), protected=False, largest=len(PNG) - 1)
    long = Sent("a.txt", "text/plain", b"a" * (intake.TEXT_MOST + 1))
    with pytest.raises(TooLarge):
        made_ready(long, protected=False, largest=5_000_000)


def test_under_a_protected_name_no_pdf_is_taken():
    sent = Sent("a.pdf", "application/pdf", PDF)
    assert made_ready(sent, protected=False, largest=10_000).content == PDF
    with pytest.raises(Invalid) as problem:
        made_ready(sent, protected=True, largest=10_000)
    assert problem.value.sentence == intake.NO_PDF
