"""The acts of the forum that stand in the register, in words."""

from __future__ import annotations

from flask_babel import lazy_pgettext

ACTS: dict[str, object] = {
    "space.made": lazy_pgettext("act", "Space made"),
    "space.edited": lazy_pgettext("act", "Space changed"),
    "space.rules_written": lazy_pgettext("act", "Charter of a space written"),
    "space.member_added": lazy_pgettext("act", "Member of a space added"),
    "space.member_removed": lazy_pgettext("act", "Member of a space removed"),
    "space.guest_invited": lazy_pgettext("act", "Person invited into a space"),
    "space.guest_ended": lazy_pgettext("act", "Invitation into a space ended"),
    "forum.topic_closed": lazy_pgettext("act", "Topic closed"),
    "forum.topic_open": lazy_pgettext("act", "Topic opened again"),
    "forum.answer_kept": lazy_pgettext("act", "Answer kept"),
    "forum.answer_dropped": lazy_pgettext("act", "Answer no longer kept"),
    "forum.hidden_at_once": lazy_pgettext("act", "Message hidden as soon as it was reported"),
    "forum.redacted": lazy_pgettext("act", "Passages taken out of a message"),
}
