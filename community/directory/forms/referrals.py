"""What one says of a referral. No form here has a field for a person, or for words."""

from __future__ import annotations

from community.core.forms import Creates


class ReferredForm(Creates):
    """One click: I referred someone here."""
