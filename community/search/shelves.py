"""Where things stand that are in no space of the forum.

The index keeps for each document the number of its space, and answers from the numbers a viewer may look in.
What stands in no space has a shelf instead: a number below zero, one for each circle of readers.
"""

from __future__ import annotations

# Testimonies, by the audience that whoever wrote one chose.
TESTIMONIES = {"lived": -3, "member": -2, "everyone": -1}
# What everybody may find, without an account too.
EVERYBODY = -10
