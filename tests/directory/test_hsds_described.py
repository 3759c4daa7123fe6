"""The HSDS interface asked by a program that read its description, and asks what it does not allow, too."""

from __future__ import annotations

import contextvars

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from community.directory.hsds.description import SINGLE
from tests.make.directory import keep, service, uuid

QUIETLY = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PATHS = ["/", *(f"/{many}" for many in SINGLE), *(f"/{many}/{{id}}" for many in SINGLE)]


@pytest.fixture
def described(app):
    """The description as the site publishes it, and a site with two services; each request stands alone."""
    taxonomy = {"id": uuid("taxonomy"), "name": "Words", "description": "Some."}
    term = {"id": uuid("term"), "name": "Word", "description": "One.", "taxonomy_detail": taxonomy}
    attribute = {"id": uuid("attribute"), "taxonomy_term": term}
    keep(service("Clinic A", attributes=[attribute]), service("Clinic B"))

    def alone(environ, start_response):
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # this way of asking unpacks nothing
        return contextvars.Context().run(app.wsgi_app, environ, start_response)

    return schemathesis.openapi.from_wsgi("/hsds/openapi.json", alone)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_it_answers_as_its_description_says_whatever_is_asked(described, path, mode):
    if (path, mode) == ("/", GenerationMode.NEGATIVE):
        pytest.skip("nothing can be asked of it in a wrong way: it takes no parameter")
    cases = described[path]["GET"].as_strategy(generation_mode=mode)

    @QUIETLY
    @given(case=cases)
    def ask(case):
        case.call_and_validate()

    ask()


def test_the_description_names_these_addresses_and_no_others(described):
    assert sorted(described) == sorted(PATHS)
