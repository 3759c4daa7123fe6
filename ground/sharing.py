"""A pytest plugin for whole runs: the longest files first, what asks no database on one engine only, and
little looking for garbage, which is a twentieth of a run else.

A few processes share the files between them. Were the long ones left to the end, the others would
wait for one; so they are begun first. Loaded by :mod:`ground.suite`.
"""

from __future__ import annotations

import gc
import os
from typing import Any

# Says that another run of the same command, on another engine, does what asks no database.
DONE_ELSEWHERE = "TEST_DONE_ELSEWHERE"

# By how long they take (seconds on two cores, three processes): a folder stands for its files. All others,
# of which none takes ten seconds, follow in their own order and fill what is left of each process.
LONGEST_FIRST = (
    "tests/journeys/test_pages.py",  # 250
    "tests/journeys/test_question.py",  # 130
    "tests/rules/test_routes.py",  # 80
    "tests/journeys/test_writing.py",  # 75
    "tests/forum/test_import_command.py",  # 75
    "tests/worlds/",  # 60, 55, 50
    "tests/notifications/test_delivery.py",  # 60
    "tests/bad_input/test_types.py",  # 60
    "tests/soak/",  # 55, 50, 45, 30
    "tests/live/test_lines.py",
    "tests/search/test_postgres_terms.py",
    "tests/rules/test_mutation.py",
    "tests/journeys/",
    "tests/bad_input/",
    "tests/accounts/test_commands.py",  # 20
    "tests/search/test_evaluation.py",  # 20
    "tests/rules/",
    "tests/operations/",
    "tests/forum/test_import_markdown.py",
    "tests/live/",
    "tests/demo/",
    "tests/search/",
)
# What they look at is the same whatever keeps the data.
WITHOUT_DATABASE = (
    "tests/core/identifiers/test_checks.py",
    "tests/core/identifiers/test_hidden_numbers.py",
    "tests/core/identifiers/test_labelled_posts.py",
    "tests/core/identifiers/test_second_set.py",
    "tests/core/test_calm.py",
    "tests/core/test_compiled_templates.py",
    "tests/core/test_cookies_kept.py",
    "tests/core/test_linked.py",
    "tests/core/test_tables.py",
    "tests/directory/test_rating.py",
    "tests/rules/test_published_figures.py",
    "tests/directory/test_drawing.py",
    "tests/directory/test_drawn_map.py",
    "tests/directory/test_finder.py",
    "tests/directory/test_hours.py",
    "tests/core/test_joined.py",
    "tests/bad_input/test_commonmark.py",
    "tests/bad_input/test_formulas.py",
    "tests/bad_input/test_markup.py",
    "tests/directory/test_hsds_files.py",
    "tests/directory/test_weekly.py",
    "tests/ground/",
    "tests/forum/test_attachment_kinds.py",
    "tests/journeys/test_contrast.py",
    "tests/forum/test_import_markdown.py",
    "tests/live/test_lines.py",
    "tests/rules/test_mutation.py",
    "tests/search/test_whoosh_index.py",
    "tests/testimonies/test_codes.py",
    "tests/core/test_help_lines.py",
    "tests/core/test_language.py",
    "tests/core/test_page_parts.py",
    "tests/core/test_regions.py",
    "tests/core/test_spreadsheets.py",
    "tests/core/test_text.py",
    "tests/demo/test_files.py",
    "tests/forum/test_first_spaces.py",
    "tests/forum/test_import_rows.py",
    "tests/forum/test_import_split.py",
    "tests/search/test_extracts.py",
    "tests/search/test_spelling.py",
    "tests/search/test_synonyms.py",
    "tests/search/test_words.py",
)
# How pages look, how a browser speaks to a key, with which headers answers go out, where links lead, how the
# body of a form may be written, which of its fields are read, that asking writes nothing, and what is refused
# for its token before anything is read: the same too. What pages say and forms do is asked of every engine by
# tests/rules and by the domains; a file of another shape is read before anything is kept of it.
LOOKS = (
    "tests/journeys/test_pages.py",
    "tests/journeys/test_passkeys.py",
    "tests/journeys/test_hostile.py",
    "tests/journeys/test_site.py",
    "tests/journeys/test_wary.py",
    "tests/journeys/test_writing.py::test_leaving",  # what the keys of a browser do
    "tests/journeys/test_writing.py::test_asking_with_the_keyboard_alone",
    "tests/journeys/test_writing.py::test_a_refused_form",
    "tests/forum/test_import_command.py::test_the_two_thousand_pairs",
    "tests/bad_input/test_headers.py",
    "tests/bad_input/test_redirects.py",
    "tests/bad_input/test_types.py::test_fields_in_other_forms_break_nothing",
    "tests/bad_input/test_types.py::test_an_address_written_another_way",  # where it leads, before all else
    "tests/accounts/test_destination.py",  # an address is taken apart before anything is asked
    "tests/moderation/test_filters.py",  # what words say of themselves
    "tests/accounts/test_commands.py::test_an_empty_instance",  # of SQLite, whatever engine is under test
    "tests/directory/test_hsds_described.py",  # what answers say of themselves
    "tests/operations/test_manual.py",  # what is written of commands and settings
    "tests/core/test_limits.py",  # counts lie beside the data, not in it
    "tests/bad_input/test_outputs.py",  # a page escapes what it shows, whoever kept it
    "tests/bad_input/test_mail.py",
    "tests/rules/test_heard.py",  # what a page says to the ear
    "tests/rules/test_no_small_figures.py",  # what is hidden is decided before anything is kept
    "tests/bad_input/test_more_than_asked.py::test_fields_that_a_form_does_not_have_are_ignored",
    "tests/bad_input/test_cross_site.py::test_nothing_that_is_asked_for_changes_a_table",
    "tests/bad_input/test_cross_site.py::test_asking_for_the_address_of_a_form_changes_nothing",
    "tests/bad_input/test_cross_site.py::test_a_form_without_its_token_is_refused",
    "tests/bad_input/test_cross_site.py::test_a_token_made_up_or_of_somebody_else_is_refused",
    "tests/accounts/test_names.py::test_every_name_that_can_be_proposed",  # how names are read
    # The same journey in the empty community is walked on every engine, in both languages.
    "tests/journeys/test_question.py::test_a_clinical_question_in_the_demonstration_community",
    # What pages say of who is behind a name. The tables themselves are searched on every engine, and what
    # another name or another space changes is looked for there too (the other files of tests/worlds).
    "tests/worlds/test_every_route.py",
    "tests/rules/test_nothing_opens_the_link.py::test_no_page_of_anybody",
)
_DATABASE = frozenset({"built_app", "place", "siege", "demonstration", "empty_site"})


# How many objects more than were freed: what Python collects after, instead of 700. A run makes few cycles.
COLLECT_AFTER = (10_000, 20, 50)


def pytest_configure(config: Any) -> None:
    """Collect no garbage in a process that gathers tests: all it makes stays."""
    if hasattr(config, "workerinput"):
        gc.disable()


def pytest_collection_finish(session: Any) -> None:
    """From here on look only at what is made after: thousands of tests and the program itself stay."""
    if hasattr(session.config, "workerinput"):
        gc.collect()
        gc.freeze()
        gc.enable()
        gc.set_threshold(*COLLECT_AFTER)


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Put the tests in order; leave out what the run on another engine does."""
    items.sort(key=lambda item: _place(item.nodeid))
    if not os.environ.get(DONE_ELSEWHERE):
        return
    left_out = [item for item in items if asks_no_database(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def asks_no_database(item: Any) -> bool:
    """Whether a test looks at the same on every engine. :raises ValueError: it is said to, yet uses one."""
    index = getattr(item, "callspec", None) and item.callspec.params.get("index")
    named = item.nodeid.startswith(WITHOUT_DATABASE)
    uses = not _DATABASE.isdisjoint(item.fixturenames)
    if named and uses:
        raise ValueError(f"{item.nodeid} uses a database: take its file out of WITHOUT_DATABASE")
    return item.nodeid.startswith(LOOKS) or (not uses and (named or index == "whoosh"))


def _place(nodeid: str) -> int:
    found = (place for place, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start))
    return next(found, len(LONGEST_FIRST))
