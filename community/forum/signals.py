"""What the forum announces. Each becomes job rows saved with the change."""

from __future__ import annotations

from community.core.announce import signal

# A post was added: the first of a topic, a reply, an imported one.
post_created = signal("forum.post_created", "post_id")
# A topic was begun, or is seen at last after it waited: its first post. Told after ``post_created`` of it.
topic_begun = signal("forum.topic_begun", "post_id")
# The text, notes, sources or state of a post changed; its readers must not find the old one.
post_changed = signal("forum.post_changed", "post_id")
# Title, place or state of a topic changed: all its posts are concerned.
topic_changed = signal("forum.topic_changed", "topic_id")
# A post was kept as an answer, or is no longer.
answer_kept = signal("forum.answer_kept", "post_id")
# Audiences, name or state of a space changed: everything in it is concerned.
space_changed = signal("forum.space_changed", "space_id")
# A post was stored or its words changed, in the same transaction: who hears it may still put it out of sight
# or refuse it. Nothing of what was imported.
post_storing = signal("forum.post_storing", "post_id", within=True)
# A file is put on a post or described anew, in the same transaction: its name, what a picture shows, what a
# text says. Who hears it may still put the post out of sight.
file_storing = signal("forum.file_storing", "post_id", "words", within=True)
# Somebody is reporting a post, in the same transaction.
post_reporting = signal("forum.post_reporting", "report_id", within=True)
# Messages were given from one topic to another, in the same transaction, before an empty one goes.
posts_moving = signal("forum.posts_moving", "source_id", "target_id", within=True)
# Somebody takes replies to a topic again, in the same transaction: who closed it may refuse that.
topic_reopening = signal("forum.topic_reopening", "topic_id", "persona_id", within=True)
# A passage was taken out of a post because it may identify a patient: whoever keeps a copy lets go of it.
post_redacted = signal("forum.post_redacted", "post_id")
# The same within the transaction, with the words, which are kept nowhere: for what others wrote about it.
passage_going = signal("forum.passage_going", "topic_id", "words", within=True)
# A backup brought such a passage back, in the transaction of the restore: its message is out of sight.
passage_came_back = signal("forum.passage_came_back", "post_id", within=True)
# Somebody reported a post.
post_reported = signal("forum.post_reported", "report_id")
# Topics came with all their posts, from an import or the demonstration: at most ten at once, and no
# ``post_created`` for their posts. Who hears it works in the lane "bulk".
topics_imported = signal("forum.topics_imported", "topic_ids")
