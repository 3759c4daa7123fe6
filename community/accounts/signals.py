"""What accounts announces. Every one carries a persona, none a member."""

from __future__ import annotations

from community.core.announce import signal

# A persona was made: on confirming an address, or later beside another name.
member_joined = signal("member_joined", "persona_id")

# A title was claimed, checked once, verified, refused, revoked, or came to its end.
credential_decided = signal("credential_decided", "persona_id", "credential_id", "decision")

# A verified title ends in so many days.
credential_ending = signal("credential_ending", "persona_id", "credential_id", "days")

# A learner asks this name to vouch for them.
vouching_asked = signal("vouching_asked", "persona_id", "credential_id")

# A duty was given or taken back.
duty_changed = signal("duty_changed", "persona_id", "duty", "scope", "given")

# Two administrators agreed that the link of a name may be opened.
link_opening = signal("link_opening", "persona_id", "opening_id")

# A name was left behind: what it wrote stays, under "former member".
persona_left = signal("persona_left", "persona_id")

# A name blocks another one: what they still have in common ends in the same transaction.
persona_blocking = signal("persona_blocking", "persona_id", "other_id", within=True)
