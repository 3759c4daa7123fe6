"""The register of acts is read by people: no code, no field, no day as programs write it."""

from __future__ import annotations

import pytest

from community.accounts.register_words import detail_words, target_key
from community.core import audit
from community.core.db import transaction
from community.core.i18n import speaking


@pytest.fixture
def french(app):
    with app.test_request_context("/fr/"), speaking("fr"):
        yield


@pytest.mark.parametrize(
    ("act", "detail", "value", "said"),
    [
        ("space.guest_invited", "until", "2026-12-01", "Jusqu’au 1er décembre 2026"),
        ("directory.joint_work_counted", "month", "2026-10-01", "Octobre 2026"),
        ("request.added", "kind", "access", "Voir ce qui est conservé à leur sujet"),
        ("request.answered", "days_late", 1, "1\u00a0jour de retard"),
        ("record.added", "register", "incidents", "Registre des incidents"),
        ("moderation.undone", "taken_back", "hide", "Masqué"),
        ("moderation.reason_edited", "retired", True, "N’est plus proposé"),
        ("space.edited", "changed", ["name_fr", "protected"], "Modifié\u00a0: nom en français, protégé"),
        ("space.guest_invited", "until", "some day", "some day"),
    ],
)
def test_what_a_line_says_of_itself_is_said_in_words(french, act, detail, value, said):
    assert detail_words(act, detail, value) == said


def test_what_an_act_was_done_to_is_not_named_in_the_language_of_the_program(client, whole_cast):
    with transaction():
        audit.record("operator", "directory.training_written", "training 6NiwEmfkEJwp9FHiCwIsHb")
        audit.record("operator", "space.edited", "public-square", changed=["see"])
    whole_cast["administrator"].signs_in(client)
    page = client.get("/fr/register").text
    assert "<code>6NiwEmfkEJwp9FHiCwIsHb</code>" in page
    assert "Modifié\u00a0: qui peut lire" in page
    assert "[&#39;see&#39;]" not in page


def test_a_target_of_several_words_stays_whole():
    assert target_key("Hospital of the Two Lanterns") == "Hospital of the Two Lanterns"
