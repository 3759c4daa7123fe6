"""Sources are recognized by their form and lead where they are read."""

import pytest

from community.forum.citations import Citation, NotASource, cite, link, recognize


@pytest.mark.parametrize(
    "typed",
    [
        "10.5555/Passerelle.Demo.12",
        "doi:10.5555/passerelle.demo.12",
        "DOI: 10.5555/passerelle.demo.12",
        "https://doi.org/10.5555/passerelle.demo.12",
        "http://dx.doi.org/10.5555/passerelle.demo.12.",
    ],
)
def test_every_way_of_writing_a_doi_is_one_doi(typed: str) -> None:
    assert cite("doi", typed) == Citation("doi", "10.5555/passerelle.demo.12")


@pytest.mark.parametrize(
    "typed", ["12345678", "PMID: 12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/", "012345678"]
)
def test_every_way_of_writing_a_pubmed_id_is_one_id(typed: str) -> None:
    assert cite("pubmed", typed).link == "https://pubmed.ncbi.nlm.nih.gov/12345678/"


def test_a_doi_leads_to_its_resolver_with_unsafe_characters_escaped() -> None:
    assert link("doi", "10.1002/(sici)1097<1::aid>3.0") == "https://doi.org/10.1002/(sici)1097%3C1::aid%3E3.0"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("doi", "10.12/short"),
        ("doi", "10.5555/a b"),
        ("doi", ""),
        ("pubmed", "12a"),
        ("pubmed", "0"),
        ("pubmed", "1234567890"),
        ("url", "javascript:alert(1)"),
        ("url", "example.org/page"),
        ("url", "https://user@example.org/"),
        ("url", "https://nowhere"),
        ("url", "https://[broken"),
        ("guideline", ""),
        ("book", "x"),
        ("url", "https://example.org/" + "x" * 300),
    ],
)
def test_what_has_not_the_form_of_its_kind_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(NotASource, match=kind):
        cite(kind, typed)


def test_a_guideline_may_have_words_only_or_an_address() -> None:
    assert cite("guideline", "", "Demonstration guide, 2026, section 4.2").link == ""
    assert cite("guideline", "https://example.org/guide", "Guide").link == "https://example.org/guide"


def test_what_is_shown_is_the_label_or_the_reference_with_its_kind() -> None:
    assert cite("doi", "10.5555/x", "A review").words == "A review"
    assert cite("doi", "10.5555/x").words == "doi:10.5555/x"
    assert cite("pubmed", "7").words == "PMID 7"


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("https://doi.org/10.5555/x", "doi"),
        ("PMID 123", "pubmed"),
        ("https://example.org/a", "url"),
    ],
)
def test_a_pasted_source_tells_its_kind(pasted: str, kind: str) -> None:
    found = recognize(pasted)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("pasted", ["123", "what my colleague said", ""])
def test_words_and_bare_numbers_are_no_source(pasted: str) -> None:
    assert recognize(pasted) is None
