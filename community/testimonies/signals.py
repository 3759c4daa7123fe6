"""What testimonies announce. Each carries the address of a text: there is nobody to name."""

from __future__ import annotations

from community.core.announce import signal

# In the transaction that stores it: whoever reads texts for danger says so before anybody else looks.
testimony_storing = signal("testimonies.testimony_storing", "key", within=True)
# A passage was taken out, or all of it was withdrawn: whoever keeps a copy lets go, in the same transaction.
testimony_letting_go = signal("testimonies.testimony_letting_go", "key", within=True)
# It is shown, hidden, or shown again.
testimony_changed = signal("testimonies.testimony_changed", "key")
# It was shown once, and some of its words, or all of them, are gone.
testimony_words_gone = signal("testimonies.testimony_words_gone", "key")
