"""What can happen to an index that is a folder: deleted, damaged, killed while writing, read by many."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import EmptyIndexError, FileIndex, LockError
from whoosh.reading import SegmentReader

from community.search import whoosh_index, whoosh_parts, whoosh_worth
from community.search.whoosh_files import Directory, MappedStorage
from community.search.whoosh_index import WhooshIndex
from community.search.whoosh_parts import Part
from community.search.whoosh_snapshot import ALL, Snapshot
from community.search.whoosh_worth import WEIGHTS
from tests.make.search import ask, document, keys, put

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_folder_deleted_while_running_is_made_again_and_is_not_ready(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    index.complete()
    assert keys(ask(index, "sevrage")) == ["a"]
    shutil.rmtree(folder)
    assert ask(index, "sevrage").total == 0
    assert not index.ready()
    put(index, [document("b", "sevrage")])
    assert keys(ask(index, "sevrage")) == ["b"]


def test_an_index_made_again_elsewhere_is_noticed(folder: Path) -> None:
    here, there = WhooshIndex(folder), WhooshIndex(folder)
    put(here, [document("a", "sevrage")])
    assert keys(ask(here, "sevrage")) == ["a"]
    there.clear()
    put(there, [document("b", "sevrage")])
    assert keys(ask(here, "sevrage")) == ["b"]


def test_only_our_own_eyes_may_read_the_folder(folder: Path) -> None:
    put(WhooshIndex(folder), [document("a", "sevrage")])
    assert folder.stat().st_mode & 0o077 == 0


def test_an_index_of_an_older_version_is_not_ready(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    index.complete()
    monkeypatch.setattr(whoosh_index, "VERSION", whoosh_index.VERSION + 1)
    assert not index.ready()


def test_a_second_writer_waits_for_the_first_and_then_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    held = index._open().writer()
    monkeypatch.setattr(whoosh_index, "WAIT_FOR_WRITER", 0.1)
    with pytest.raises(LockError):
        put(index, [document("b", "sevrage")])
    monkeypatch.setattr(whoosh_index, "WAIT_FOR_WRITER", 5.0)
    threading.Timer(0.3, held.cancel).start()
    put(index, [document("b", "sevrage")])
    assert set(keys(ask(index, "sevrage"))) == {"a", "b"}


def test_a_document_that_fails_leaves_the_index_as_it_was(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    with pytest.raises(TypeError):
        put(index, [document("b", "sevrage"), document("c", None)])  # type: ignore[arg-type]
    assert keys(ask(index, "sevrage")) == ["a"]
    put(index, [document("d", "sevrage")])
    assert set(keys(ask(index, "sevrage"))) == {"a", "d"}


KILLED = """
import sys
from pathlib import Path
from tests.make.search import document, put
from community.search.whoosh_index import WhooshIndex
index = WhooshIndex(Path(sys.argv[1]))
print("at work", flush=True)
for turn in range(10_000):
    put(index, [document(f"k{turn}-{n}", f"sevrage numéro {n}") for n in range(20)])
"""


def test_an_indexer_killed_at_work_leaves_whole_batches_and_no_lock(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    for pause in (0.35, 0.5, 0.62):
        command = [sys.executable, "-W", "ignore", "-c", KILLED, str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as indexer:
            assert indexer.stdout is not None
            indexer.stdout.readline()
            time.sleep(pause)
            indexer.send_signal(signal.SIGKILL)
        assert ask(index, "sevrage").total
        assert (index.size() - 1) % 20 == 0
        put(index, [document("a", "sevrage")])
    assert "post:a" in index.ids()


def test_many_read_while_one_writes(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document(f"k{n}", "sevrage et naloxone") for n in range(50)])
    problems: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert ask(index, "sevrage").total >= 50
                ask(index, "naloxonne")
        except BaseException as problem:
            problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for turn in range(15):
        put(index, [document(f"more{turn}-{n}", "sevrage") for n in range(5)])
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert ask(index, "sevrage").total == 125


@pytest.mark.parametrize("problem", [FileNotFoundError, EmptyIndexError])
def test_a_list_of_parts_that_is_replaced_while_it_is_read_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    """A writer puts the new list beside the old one, then deletes the old one: both looks may miss."""
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    read, times = FileIndex._read_toc, []

    def replaced(opened: FileIndex) -> Any:
        times.append(opened)
        if len(times) == 1:
            raise problem(folder)
        return read(opened)

    monkeypatch.setattr(FileIndex, "_read_toc", replaced)
    assert keys(ask(index, "sevrage")) == ["a"]
    assert len(times) > 1


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Snapshot]:
    """Every reader that was opened, whether it is still open or not."""
    found: list[Snapshot] = []

    class Noted(Snapshot):
        def __init__(self, *of: Any) -> None:
            super().__init__(*of)
            found.append(self)

    monkeypatch.setattr(whoosh_index, "Snapshot", Noted)
    return found


def test_any_number_of_threads_share_one_reader(folder: Path, opened: list[Snapshot]) -> None:
    index = WhooshIndex(folder)
    put(index, [document(f"k{n}", f"sevrage numéro{n % 7}") for n in range(200)])
    put(index, [document("more", "sevrage")])
    found: list[bool] = []

    def read() -> None:
        for n in range(7):
            found.append(ask(index, f"sevrage numéro{n}").total >= 28)
            found.append(ask(index, "sevrage").total == 201)

    readers = [threading.Thread(target=read) for _ in range(12)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(opened) == 1
    assert found == [True] * 12 * 14


def test_what_is_read_a_block_at_a_time_is_what_whoosh_hands_out(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document(f"k{n}", "sevrage " * (n % 4 + 1) + f"mot{n}") for n in range(400)])
    put(index, [document("once", "alone", title="sevrage"), document("gone", "sevrage alone")])
    index.replace(["post:k7", "post:gone"], [document("k7", "sevrage anew")])
    with index._reading() as snapshot, closing(index._open().reader()) as whoosh:
        terms = [(field, term.decode()) for field, term in whoosh.all_terms() if field in WEIGHTS]
        assert len(terms) > 400
        for field, term in terms:
            postings, handed = whoosh.postings(field, term), {}
            while postings.is_active():
                handed[postings.id()] = postings.weight()
                postings.next()
            assert list(snapshot.documents(field, term)) == list(handed)
            read = dict(snapshot.counts(field, term))
            assert {number: read[number] for number in handed} == handed
        groups = [group for part in snapshot.parts for group in part.group]
        written = [moment for part in snapshot.parts for moment in part.written]
        for number in whoosh.all_doc_ids():
            assert groups[number] == whoosh.column_reader("group")[number]
            assert written[number] == whoosh.column_reader("created")[number]
            assert snapshot.stored(number) == whoosh.stored_fields(number)


def _everything(index: WhooshIndex) -> dict[str, Any]:
    """Every posting and every stored row, as Whoosh itself reads them."""
    with closing(index._open().reader()) as whoosh:
        postings: dict[str, Any] = {}
        for field, term in whoosh.all_terms():
            found, said = whoosh.postings(field, term), []
            while found.is_active():
                said.append((found.id(), found.weight(), found.value() or b""))
                found.next()
            about = whoosh.term_info(field, term)
            figures = (about.doc_frequency(), about.weight(), about.min_id(), about.max_id())
            postings[f"{field} {term!r}"] = (said, figures)
        rows = [whoosh.stored_fields(number) for number in whoosh.all_doc_ids()]
        lengths = [whoosh.doc_field_length(number, "body") for number in whoosh.all_doc_ids()]
        return {"rows": rows, "lengths": lengths, **postings}


def test_what_is_written_by_terms_is_what_whoosh_writes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        document(f"k{n}", "sevrage " * (n % 4 + 1) + f"mot{n} Décès", title="9-8-8") for n in range(300)
    ]
    ours, theirs = WhooshIndex(folder), WhooshIndex(folder.with_name("theirs"))
    put(ours, documents)
    monkeypatch.setattr(whoosh_index, "write_by_terms", lambda _writer: None)
    monkeypatch.setattr(whoosh_index, "add_document", lambda writer, row: writer.add_document(**row))
    put(theirs, documents)
    assert _everything(ours) == _everything(theirs)


def test_an_older_state_is_let_go_when_its_last_question_is_answered(
    folder: Path, opened: list[Snapshot]
) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])
    with index._reading() as first:
        put(index, [document("b", "sevrage")])
        assert ask(index, "sevrage").total == 2
        assert not first.closed
        assert list(first.documents("facets", ALL)) == [0]
    assert [one.closed for one in opened] == [True, False]


def test_a_part_is_opened_once_and_closed_when_no_state_has_it_any_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Part] = []

    class Noted(Part):
        def __init__(self, *of: Any) -> None:
            super().__init__(*of)
            made.append(self)

    monkeypatch.setattr(whoosh_parts, "Part", Noted)
    index = WhooshIndex(folder)
    for one in range(6):  # the seventh makes one part of six
        put(index, [document(f"k{one}", "sevrage")])
        assert ask(index, "sevrage").total == one + 1
    assert [part.reader.is_closed for part in made] == [False] * 6
    put(index, [document("seventh", "sevrage")])
    put(index, [document("last", "sevrage")])
    assert ask(index, "sevrage").total == 8
    parts = index._open()._segments()
    assert sum(not part.reader.is_closed for part in made) == len(parts) < 6


def test_a_part_is_read_in_place_from_where_each_thread_is(tmp_path: Path) -> None:
    storage = MappedStorage(tmp_path)
    record = {"words": ["sevrage"] * 3, "long": "x" * 1_000}
    with storage.create_file("a.seg") as written:
        written.write(b"skipped")
        written.write_pickle((1, 2))
        written.write_pickle(record)
        written.write_int(7)
    part = storage.open_file("a.seg").subset(7, (tmp_path / "a.seg").stat().st_size - 7)
    assert part.read_pickle() == (1, 2)
    elsewhere = threading.Thread(target=part.read)
    elsewhere.start()
    elsewhere.join()
    assert part.read_pickle() == record
    assert part.read_int() == 7
    assert part.read() == b""
    part.seek(-4, io.SEEK_END)
    assert part.get_int(part.tell()) == 7


def test_what_was_put_is_found_by_another_process_at_once(folder: Path) -> None:
    here, there = WhooshIndex(folder), WhooshIndex(folder)
    put(here, [document("a", "sevrage")])
    assert keys(ask(there, "sevrage")) == ["a"]
    put(here, [document("b", "sevrage")])
    assert set(keys(ask(there, "sevrage"))) == {"a", "b"}


def test_small_parts_are_merged_and_large_ones_left_alone(folder: Path) -> None:
    index = WhooshIndex(folder, largest=20)
    put(index, [document(f"large{n}", "sevrage") for n in range(25)])
    for n in range(40):
        put(index, [document(f"k{n}", "sevrage")])
    sizes = sorted(segment.doc_count_all() for segment in index._open()._segments())
    assert sum(sizes) == 65
    assert 25 in sizes
    assert len(sizes) <= 12
    assert ask(index, "sevrage").total == 65


def test_an_index_for_which_no_post_waits_is_put_together_of_larger_parts(folder: Path) -> None:
    """As that of services: each word that is new to a process is looked for in every part."""
    sizes = []
    for largest in (20, 40):
        index = WhooshIndex(folder / str(largest), largest=largest)
        for n in range(6):
            put(index, [document(f"k{n}-{one}", "sevrage") for one in range(30)])
        while index.tidy():
            pass
        sizes.append([segment.doc_count_all() for segment in index._open()._segments()])
        assert ask(index, "sevrage").total == 180
    assert sizes == [[30] * 6, [180]]


def test_a_part_that_is_mostly_deleted_is_written_anew(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document(f"k{n}", "sevrage") for n in range(10)])
    index.replace([f"post:k{n}" for n in range(7)], [])
    put(index, [document("more", "sevrage")])
    assert sum(segment.deleted_count() for segment in index._open()._segments()) == 0
    assert ask(index, "sevrage").total == 4


def test_words_are_known_by_their_sound_until_the_index_is_cleared(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "méthadone et buprénorphine")])
    assert index._wordbook().near("metadonne") == {"méthadone"}
    assert index._wordbook().near("zzzzz") == set()
    index.clear()
    assert index._wordbook().near("metadonne") == set()


# Whoosh leaves the files it was writing to whoever collects what nobody holds.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("stopped", ["whoosh.writing.PostingPool", "whoosh.writing.SegmentWriter.commit"])
def test_a_disk_that_was_full_stops_nobody_afterwards(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    """Whoosh keeps its lock when it is stopped while it begins or ends."""
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage")])

    def full(*_facts: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(stopped, full)
        with pytest.raises(OSError, match="No space") as kept:
            put(index, [document("b", "sevrage")])
    put(index, [document("b", "sevrage")])
    assert sorted(keys(ask(index, "sevrage"))) == ["a", "b"]
    assert kept.tb is not None  # what failed is still held, as the log of a job would hold it


def test_a_new_post_does_not_wait_for_large_parts_to_be_merged(folder: Path) -> None:
    """They are merged between posts, one group at a time."""
    index = WhooshIndex(folder)
    for part in range(7):
        put(index, [document(f"{part}x{one}", "sevrage") for one in range(20)])
    parts = len(MappedStorage(folder).open_index()._segments())
    assert parts == 7
    put(index, [document("new", "sevrage")])
    assert len(MappedStorage(folder).open_index()._segments()) == 8
    assert index.tidy()
    while index.tidy():
        pass
    assert len(MappedStorage(folder).open_index()._segments()) == 3
    assert ask(index, "sevrage").total == index.size() == 141


def test_what_a_word_finds_is_worked_out_once_for_each_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    really = whoosh_worth._worked_out

    def noting(part: Any, need: Any) -> Any:
        worked.append(part.name)
        return really(part, need)

    monkeypatch.setattr(whoosh_worth, "_worked_out", noting)
    index = WhooshIndex(folder)
    hidden = document("hidden", "sevrage", space_id=2)
    put(index, [document("a", "sevrage"), document("gone", "sevrage"), hidden])
    assert ask(index, "sevrage").total == 2
    put(index, [document("b", "sevrage")])
    assert ask(index, "sevrage").total == 3
    assert len(worked) == len(set(worked)) == 2
    index.replace(["post:gone"], [])
    assert set(keys(ask(index, "sevrage"))) == {"a", "b"}
    assert keys(ask(index, "sevrage", 2)) == ["hidden"], "who sees something else finds something else"
    assert len(worked) == len(set(worked)) == 2


def test_what_is_kept_of_answers_stays_small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_worth, "MOST_BYTES", 2_000)
    monkeypatch.setattr(whoosh_worth, "MOST_NEEDS", 8)
    index = WhooshIndex(folder)
    put(index, [document(f"k{n}", f"sevrage numéro{n}") for n in range(40)])
    for n in range(40):
        assert ask(index, f"sevrage numéro{n}").hits[0].key == f"k{n}"
        assert index._worths.bytes <= 2_000
        assert index._worths.bytes_of_bits <= 2_000
        assert len(index._worths._needs) <= 8


def test_a_large_index_keeps_what_its_words_find_from_one_question_to_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept in turns in too little room, nothing is there any more when it is asked for again."""
    monkeypatch.setattr(whoosh_worth, "MOST_BYTES", 500)
    monkeypatch.setattr(whoosh_worth, "FOR_EACH_DOCUMENT", 40)
    index = WhooshIndex(folder)
    worked: list[str] = []
    really = whoosh_worth._worked_out

    def noting(part: Any, need: Any) -> Any:
        worked.append(need.word)
        return really(part, need)

    monkeypatch.setattr(whoosh_worth, "_worked_out", noting)
    put(index, [document(f"k{n}", "sevrage naloxone") for n in range(40)])
    for size in (20, 30):  # another question, so that its answer is not there already
        for word in ("sevrage", "naloxone"):
            assert ask(index, word, size=size).total == 40
    assert worked == ["sevrage", "naloxone"]
    monkeypatch.setattr(whoosh_worth, "FOR_EACH_DOCUMENT", 1)
    ask(index, "grossesse")
    assert len(index._worths._kept) == 1, "less room, less kept"


def test_of_a_part_only_the_terms_that_are_there_are_looked_up(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document("a", "sevrage", title="Méthadone")])
    with index._reading() as snapshot:
        [part] = snapshot.parts
        assert list(part.postings("body", "=sevrage"))
        assert list(part.postings("title", "=methadone"))
        assert list(part.postings("id", "post:a"))
        assert not part._may_have("body", "=methadone")
        assert not list(part.postings("body", "=absent"))


def test_the_tables_of_terms_are_read_where_they_stand(folder: Path) -> None:
    index = WhooshIndex(folder)
    for many in (1, 40):
        put(index, [document(f"k{many}-{n}", f"sevrage brume{n} caillou{n * n}") for n in range(many)])
    opened = index._open()
    for segment in opened._segments():
        terms = SegmentReader(MappedStorage(folder), opened.schema, segment)._terms._tindex
        assert any(places for _start, places in terms.tables)
        assert [Directory(terms)[number] for number in range(256)] == terms.tables
