"""Files of messages: sent with a form, given to whoever may read the message, gone with it."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import delete, select, update

from community.accounts.privacy import importing, packing
from community.core import archives, clock, counts, jobs
from community.core.db import db, transaction
from community.core.files import site_files
from community.core.limits import limiter
from community.forum import archive_files
from community.forum.models import Attachment, Declaration, Draft, DraftFile, Post, Space, SpaceMember
from community.forum.services import attachments, drafts, posts, redaction
from tests.make import files
from tests.make import forum as make

PNG = files.picture()
GROUP = "text/plain"


@pytest.fixture(autouse=True)
def drawn_before(monkeypatch):
    """The pictures of this file are drawn once for all: how they are drawn is test_attachment_kinds'."""
    monkeypatch.setattr("community.forum.attachments.intake.drawn_anew", lambda _content, _kind: files.DRAWN)


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


def file(name="chart.png", declared="image/png", content=PNG):
    return io.BytesIO(content), name, declared


def send(browser, address, body="See what came with it.", **more):
    return browser.post(address, {"body": body, "lang": "en", **more}, content_type="multipart/form-data")


def reply(browser, topic, **more):
    return send(browser, f"/en/topics/{topic.key}/replies", **more)


def rows(table=Attachment):
    return db.session.scalars(select(table)).all()


def stored():
    return {*site_files().names("uploads/"), *site_files().names("drafts/")}


def test_a_reply_carries_pictures_and_documents_each_shown_as_what_it_is(cast, visit, topic):
    browser = visit(cast["physician"])
    answer = reply(
        browser,
        topic,
        file_1=file(),
        file_alt_1="A curve that falls",
        file_2=file("Étude 3.pdf", "application/pdf", files.PDF),
        file_3=file("doses.csv", "text/csv", b"=1+1;day"),
    )
    assert answer.status_code == 303
    page = visit(cast["member"]).get(f"/en/topics/{topic.key}").text
    assert 'alt="A curve that falls" width="60" height="40"' in page
    assert "Étude 3.pdf" in page
    assert "doses.csv" in page
    picture, pdf, csv = sorted(rows(), key=lambda row: row.position)
    assert picture.name == "", "a picture has its words"
    got = browser.get(f"/en/files/{picture.key}")
    assert (got.mimetype, got.data) == ("image/png", files.DRAWN.whole)
    assert browser.get(f"/en/files/{picture.key}/small").data == files.DRAWN.small
    for row, kind, name in (
        (pdf, "application/pdf", "%C3%89tude%203.pdf"),
        (csv, "text/plain", "doses.csv.txt"),
    ):
        got = browser.get(f"/en/files/{row.key}")
        assert got.mimetype == kind
        assert got.headers["Content-Disposition"].startswith("attachment; ")
        assert name in got.headers["Content-Disposition"]
        assert browser.get(f"/en/files/{row.key}/small").status_code == 404


def test_a_file_is_given_as_something_that_can_do_nothing(cast, visit, client, topic):
    reply(visit(cast["physician"]), topic, file_1=file(), file_alt_1="A chart")
    key = rows()[0].key
    signed_in = visit(cast["member"]).get(f"/en/files/{key}")
    assert signed_in.headers["Cache-Control"] == "no-store"
    visitor = client.get(f"/en/files/{key}")
    assert visitor.headers["Cache-Control"] == "no-cache, private"
    assert (
        client.get(f"/en/files/{key}", headers={"If-None-Match": visitor.headers["ETag"]}).status_code == 304
    )
    for answer in (signed_in, visitor):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Last-Modified" not in answer.headers


def test_a_new_topic_and_an_edit_carry_files_too(cast, visit):
    space, browser = make.space(), visit(cast["physician"])
    address = f"/en/spaces/{space.slug}/new"
    answer = send(
        browser, address, title="What is this?", kind="question", file_1=file(), file_alt_1="A rash"
    )
    assert answer.status_code == 303
    post = db.session.scalars(select(Post).where(Post.author_id == cast["physician"].persona_id)).one()
    key = rows()[0].key
    form = {"title": "What is this?", "version": "1", "level": "", "idem": "e1"}
    changed = send(
        browser,
        f"/en/posts/{post.key}/edit",
        **form,
        file_2=file("b.png"),
        file_alt_2="Another",
        **{f"file_alt_{key}": "A rash on an arm"},
    )
    assert changed.status_code == 303
    assert [row.alt for row in sorted(rows(), key=lambda row: row.position)] == [
        "A rash on an arm",
        "Another",
    ]
    gone = send(browser, f"/en/posts/{post.key}/edit", **form, file_gone=key)
    assert gone.status_code == 303
    assert [row.alt for row in rows()] == ["Another"]
    assert browser.get(f"/en/files/{key}").status_code == 404


def test_what_is_refused_keeps_the_text_and_the_files_that_were_good(cast, visit, topic):
    browser = visit(cast["physician"])
    answer = reply(
        browser,
        topic,
        body="Typed with care.",
        file_1=file(),
        file_2=file("a.svg", "image/svg+xml", b"<svg/>"),
    )
    assert answer.status_code == 422
    assert "Typed with care." in answer.text
    assert "File 2: SVG drawings are not taken" in answer.text
    assert "chart.png" in answer.text
    assert not rows(), "nothing is published"
    again = reply(browser, topic, body="Typed with care.", files_waiting="yes")
    assert again.status_code == 422
    assert "what the picture shows" in again.text
    done = reply(
        browser, topic, body="Typed with care.", files_waiting="yes", file_alt_kept1="A chart", idem="once"
    )
    assert done.status_code == 303
    assert [row.alt for row in rows()] == ["A chart"]
    assert not rows(DraftFile)
    assert not rows(Draft)
    jobs.run_waiting_jobs()
    assert attachments_named() <= stored()


def attachments_named():
    return {name for row in rows() for name in (row.file, row.small)}


def test_french_says_it_in_french(cast, visit, topic):
    answer = send(
        visit(cast["physician"]), f"/fr/topics/{topic.key}/replies", file_1=file("a.txt", GROUP, b"\x00")
    )
    assert answer.status_code == 422
    assert "Fichier 1\u00a0: Ce n’est pas du texte brut\u00a0:" in answer.text


def test_a_form_sent_twice_carries_its_files_once(cast, visit, topic):
    browser = visit(cast["physician"])
    for _ in range(2):
        answer = reply(browser, topic, file_1=file(), file_alt_1="A chart", idem="twice")
        assert answer.status_code == 303
    assert len(rows()) == 1
    assert not rows(Draft)


def test_what_waits_is_sealed_and_goes_with_its_draft(cast, visit, topic):
    browser = visit(cast["lived"])
    before = stored()
    reply(browser, topic, body="", file_1=file("private words.txt", GROUP, b"Nobody reads this in a dump."))
    waits = rows(DraftFile)[0]
    name = waits.file
    assert b"private" not in waits.sealed
    assert b"Nobody reads" not in site_files().get(name)
    assert name in stored() - before
    with transaction():
        db.session.execute(update(DraftFile).values(file="drafts/elsewhere"))
    page = browser.get(f"/en/topics/{topic.key}").text
    assert "private words" not in page, "moved, it does not open"
    with transaction():
        db.session.execute(update(DraftFile).values(file=name))
    assert "private words.txt" in browser.get(f"/en/topics/{topic.key}").text
    browser.post("/en/drafts/discard", {"place": f"topic:{topic.key}"})
    jobs.run_waiting_jobs()
    assert not rows(DraftFile)
    assert name not in stored()


def test_old_drafts_take_their_files_along(cast, visit, topic):
    reply(visit(cast["member"]), topic, body="", file_1=file())
    with transaction():
        db.session.execute(update(Draft).values(saved_on=clock.today() - timedelta(days=30)))
        drafts.drop_old()
    assert not rows(DraftFile)


# Where, and how much


@pytest.mark.parametrize(("slug", "who"), [("opioids", "physician"), ("lived-experience", "lived")])
def test_clinical_and_protected_spaces_take_none_until_their_page_says_so(cast, visit, slug, who):
    space = make.space(slug)
    topic, browser = make.topic(space, cast[who]), visit(cast[who])
    assert 'type="file"' not in browser.get(f"/en/topics/{topic.key}").text
    answer = reply(browser, topic, file_1=file(), file_alt_1="A chart")
    assert answer.status_code == 422
    assert "This space takes no files." in answer.text
    assert not rows(DraftFile)
    keeper = visit(cast["administrator"])
    page = keeper.get(f"/en/admin/spaces/{slug}").text
    assert "shows a patient, a place or its author more easily than words" in page
    with transaction():
        db.session.get_one(Space, space.id).files = True
    assert reply(browser, topic, file_1=file(), file_alt_1="A chart").status_code == 303


def test_under_a_protected_name_no_file_keeps_its_own_name(cast, visit, topic):
    browser = visit(cast["lived"])
    reply(browser, topic, file_1=file("Alex Orchard notes.txt", GROUP, b"Some words."))
    row = rows()[0]
    assert row.name == ""
    given = browser.get(f"/en/files/{row.key}")
    assert 'filename="file-1.txt"' in given.headers["Content-Disposition"]
    refused = reply(browser, topic, file_1=file("a.pdf", "application/pdf", files.PDF))
    assert refused.status_code == 422
    assert "Under a protected name no PDF is taken" in refused.text


def test_too_many_in_a_day_and_too_much_in_all_are_told_and_the_text_is_kept(cast, visit, topic):
    post = make.post(topic, cast["physician"])
    with transaction():
        for _ in range(20):
            files.on_post(post, kind="text")
    answer = reply(visit(cast["physician"]), topic, body="Typed with care.", file_1=file())
    assert answer.status_code == 429
    assert "as many files today" in answer.text
    assert "Typed with care." in answer.text
    with transaction():
        some = {"added_on": clock.today() - timedelta(days=1), "size": 200 * 1024 * 1024}
        db.session.execute(update(Attachment).values(**some))
    answer = reply(visit(cast["physician"]), topic, body="Typed with care.", file_1=file())
    assert answer.status_code == 413
    assert "all the room there is" in answer.text
    assert not rows(DraftFile)


def test_a_file_that_was_taken_away_again_counts_for_the_day(app, cast, visit, topic, monkeypatch, tmp_path):
    """Else the same place takes file after file, each drawn anew: rows that are there say one."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    lies = storage_from_string(f"{counts.SCHEME}://", path=str(tmp_path / "counts.db"))
    monkeypatch.setattr(limiter, "_storage", lies)
    monkeypatch.setattr(limiter, "_limiter", SlidingWindowCounterRateLimiter(lies))
    browser = visit(cast["physician"])
    for _ in range(20):
        answer = reply(browser, topic, body="", file_1=file(), file_kept_gone="1")
        assert answer.status_code == 422
        assert "as many files today" not in answer.text
    assert len(rows(DraftFile)) == 1
    answer = reply(browser, topic, body="Typed with care.", file_1=file(), file_kept_gone="1")
    assert answer.status_code == 429
    assert "as many files today" in answer.text
    assert "Typed with care." in answer.text
    other = reply(visit(cast["member"]), topic, file_1=file(), file_alt_1="A chart")
    assert other.status_code == 303  # each name has its own


def test_a_message_has_four_files_at_most(cast, visit, topic):
    post = make.post(topic, cast["physician"])
    with transaction():
        for _ in range(4):
            files.on_post(post, kind="text")
    answer = send(
        visit(cast["physician"]),
        f"/en/posts/{post.key}/edit",
        body=post.body,
        version="1",
        file_1=file("a.txt", GROUP, b"One more."),
    )
    assert answer.status_code == 422
    assert "At most four files" in answer.text


def test_who_may_not_write_has_nothing_drawn_or_kept(cast, visit):
    topic, before = make.topic(make.space("policy"), cast["policy"]), stored()
    answer = reply(visit(cast["member"]), topic, file_1=file(), file_alt_1="A chart")
    assert answer.status_code == 403
    assert not rows(DraftFile)
    assert stored() == before


def body_of(fields, pdf):
    """A form as a browser sends it, in one piece: the test client would leave a large one in a file."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = b'name="file_1"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    parts.append(head + pdf)
    return (
        b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--x--\r\n"
    )


@pytest.mark.parametrize(
    ("who", "megabytes", "said"),
    [
        ("physician", 23, "This is larger than the site accepts."),
        ("physician", 6, "The file is too large: at most 5 MB."),
        ("visitor", 3, "This is larger than the site accepts."),
    ],
)
def test_what_is_too_large_is_refused_and_a_visitor_s_sooner(
    cast, visit, client, topic, who, megabytes, said
):
    signed_in = visit(cast[who]) if who != "visitor" else None
    browser = signed_in.client if signed_in else client
    fields = {"body": "Kept.", "csrf_token": signed_in.token() if signed_in else ""}
    sent = body_of(fields, files.PDF + b"\0" * (megabytes * 1024 * 1024))
    form = "multipart/form-data; boundary=x"
    answer = browser.post(f"/en/topics/{topic.key}/replies", data=sent, content_type=form)
    assert answer.status_code == 413
    assert said in answer.text


# The guard


NUMBER = "numéro d’assurance maladie TREM 8551 1513"


@pytest.mark.parametrize(
    ("name", "content", "alt"),
    [
        ("chart.png", PNG, f"Le {NUMBER}"),
        ("note.txt", f"Son {NUMBER}.".encode(), ""),
        (f"{NUMBER}.txt", b"Some words.", ""),
    ],
    ids=["words of a picture", "a text", "a name"],
)
def test_the_guard_reads_names_words_and_texts(cast, visit, topic, name, content, alt):
    declared = "image/png" if name.endswith("png") else GROUP
    sent = {"file_1": file(name, declared, content), "file_alt_1": alt}
    answer = reply(visit(cast["physician"]), topic, **sent)
    assert answer.status_code == 422
    assert "looks like a number that belongs to one person" in answer.text
    assert not rows()


def test_a_number_in_a_text_is_refused_until_it_is_declared_none(cast, visit, topic):
    browser = visit(cast["physician"])
    answer = reply(browser, topic, file_1=file("note.txt", GROUP, NUMBER.encode()))
    assert answer.status_code == 422
    token = re.search(r'name="kept_identifier"[^>]*value="([^"]+)"', answer.text)
    assert token
    assert not rows()
    answer = reply(browser, topic, files_waiting="yes", kept_identifier=token.group(1))
    assert answer.status_code == 303
    assert db.session.scalars(select(Declaration.place)).all() == ["attachment"]


def test_a_preview_keeps_the_file_that_came_with_it(cast, visit, topic):
    browser = visit(cast["physician"])
    answer = reply(browser, topic, preview="yes", file_1=file(), file_alt_1="A chart")
    assert answer.status_code == 200
    assert "chart.png" in answer.text
    assert 'value="A chart"' in answer.text
    assert not rows()


def test_what_is_typed_of_a_waiting_picture_is_kept_with_the_draft(cast, visit, topic):
    browser = visit(cast["physician"])
    reply(browser, topic, body="", file_1=file())
    place, fetch = f"topic:{topic.key}", {"X-Requested-With": "fetch"}
    said = {"place": place, "body": "", "file_alt_kept1": "A chart"}
    assert browser.post("/en/drafts", said, headers=fetch).status_code == 204
    assert 'value="A chart"' in browser.get(f"/en/topics/{topic.key}").text


def test_the_archive_of_a_name_brings_its_files_and_takes_no_other_for_them(cast, visit, topic):
    physician = cast["physician"]
    post = make.post(topic, physician)
    with transaction():
        kept = files.on_post(post, alt="A chart"), files.on_post(post, kind="text", name="notes")
    reply(visit(physician), topic, body="", file_1=file("waits.txt", GROUP, b"It waits."))
    lists = archives.of_persona(physician.persona_id)["forum"]
    whole = packing.Archive("name", {"forum": lists}, archives.files_of(physician.persona_id))
    came = packing.opened(packing.packed(whole))
    assert sorted(came.files.values()) == sorted([files.DRAWN.whole, b"Some words.", b"It waits."])
    with transaction():
        db.session.execute(delete(Attachment))
        db.session.execute(delete(DraftFile))
    rows_there = importing._with_files(came.parts["forum"], came)
    rows_there["attachments"].append({**rows_there["attachments"][0], "key": "forged", "content": b"<svg/>"})
    with transaction():
        written = {post.key: db.session.get_one(Post, post.id)}
        text = next(row for row in rows_there["attachments"] if row["key"] == kept[1])
        text["name"] = "../x/notes\r\nX-Mine: 1"  # whoever has the file may have changed it
        looked_at: list[str] = []
        look = lambda place, field, words, lang: looked_at.append(words)  # noqa: E731
        archive_files.load(physician.persona_id, rows_there, written, look)
    assert sorted(looked_at) == ["A chart", "notesX-Mine 1\nSome words."]
    assert {row.key: row.alt for row in rows()} == {kept[0]: "A chart", kept[1]: ""}
    browser = visit(physician)
    given = browser.get(f"/en/files/{kept[1]}")
    assert given.data == b"Some words."
    assert "X-Mine" not in given.headers
    assert "waits.txt" in browser.get(f"/en/topics/{topic.key}").text


# Gone


def test_who_was_let_out_of_a_space_finds_its_files_no_more(cast, visit):
    """Case 2b: at the next request."""
    committee = make.space("committee-first-line")
    member, browser = cast["physician"], visit(cast["physician"])
    with transaction():
        db.session.add(SpaceMember(space_id=committee.id, persona_id=member.persona_id))
    post = make.first_post(make.topic(committee, cast["policy"]))
    with transaction():
        key = files.on_post(post)
    assert browser.get(f"/en/files/{key}").status_code == 200
    with transaction():
        db.session.execute(delete(SpaceMember))
    assert browser.get(f"/en/files/{key}").status_code == 404
    assert browser.get(f"/en/files/{key}/small").status_code == 404


def test_a_withdrawn_message_takes_its_files_along(cast, visit, client, topic):
    post = make.post(topic, cast["physician"])
    with transaction():
        key = files.on_post(post)
    named = attachments_named()
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], post))
    assert client.get(f"/en/files/{key}").status_code == 410
    jobs.run_waiting_jobs()
    assert not named & stored()


def test_a_hidden_message_hides_its_files(cast, visit, client, topic):
    post = make.post(topic, cast["physician"])
    with transaction():
        key = files.on_post(post)
        db.session.get_one(Post, post.id).state = "hidden"
    assert client.get(f"/en/files/{key}").status_code == 404


def test_what_is_taken_out_goes_from_the_files_too(cast, topic):
    lived = make.topic(make.space("lived-experience"), cast["lived"])
    post = make.post(lived, cast["lived"], "It was at Bay Street.")
    with transaction():
        files.on_post(post, alt="The door at Bay Street")
        files.on_post(post, kind="text", name="Bay Street")
        removed = files.on_post(post, kind="pdf")
        text = db.session.scalars(select(Attachment).where(Attachment.kind == "text")).one()
        text.file = attachments.put(b"I live at Bay Street.")
    with transaction():
        moderator = cast["moderator"]
        redaction.redact(
            moderator.viewer, make.seen(moderator, post), ["Bay Street"], "an address", [removed]
        )
    picture, text = sorted(rows(), key=lambda row: row.kind)
    assert (picture.alt, text.name) == ("The door at ▒▒▒", "▒▒▒")
    assert attachments.published_bytes(text.file).decode() == "I live at ▒▒▒."
    assert removed not in {row.key for row in rows()}


def test_a_browser_that_has_a_text_is_given_it_anew_once_a_number_was_taken_out(cast, client, topic):
    """Nine digits and what stands in their place are as many bytes: their count tells no two texts apart."""
    post = make.post(topic, cast["physician"])
    with transaction():
        key = files.on_post(post, kind="text", name="notes")
        db.session.scalars(select(Attachment)).one().file = attachments.put(b"NAS 046454286, said he.")
    before = client.get(f"/en/files/{key}")
    with transaction():
        attachments.take_out(db.session.get_one(Post, post.id), "046454286", redaction.REMOVED)
    after = client.get(f"/en/files/{key}", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.text) == (200, "NAS ▒▒▒, said he.")


def test_bytes_that_no_row_names_are_swept_the_second_time_they_are_seen(cast, topic):
    post = make.post(topic, cast["physician"])
    with transaction():
        files.on_post(post)
    lonely = attachments.put(b"nobody's")
    for still_there in (True, False):
        with transaction():
            jobs.enqueue("forum.sweep_files")
        jobs.run_waiting_jobs()
        assert (lonely in stored()) is still_there
    assert attachments_named() <= stored()


def test_thirty_files_cost_as_many_statements_as_three(cast, visit, statements, topic):
    def count():
        with statements.recorded():
            assert visitor.get(f"/en/topics/{topic.key}").status_code == 200
        return len(statements.words)

    visitor = visit(cast["member"])
    for _ in range(3):
        post = make.post(topic, cast["physician"])
        with transaction():
            files.on_post(post)
    few = count()
    for post in db.session.scalars(select(Post).where(Post.topic_id == topic.id)).all():
        with transaction():
            for _ in range(4):
                files.on_post(post)
    assert count() == few
