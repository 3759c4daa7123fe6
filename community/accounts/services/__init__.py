"""Writes: one verb per function, who asks first. Members are known here and in no upper domain.

Upper domains use what is named here: they have personas, and ask for nothing else.
"""

from __future__ import annotations

from community.accounts.services.credentials import vouch
from community.accounts.services.duties import give as give_duty
from community.accounts.services.duties import scopes_exist_where
from community.accounts.services.duties import take as take_duty
from community.accounts.services.joining import bring_in
from community.accounts.services.mailing import address_of, agree_to_mail, no_mail_because, who_takes_mail
from community.accounts.services.personas import Wish, free_proposals
from community.accounts.services.personas import make as make_persona

__all__ = [
    "Wish",
    "address_of",
    "agree_to_mail",
    "bring_in",
    "free_proposals",
    "give_duty",
    "make_persona",
    "no_mail_because",
    "scopes_exist_where",
    "take_duty",
    "vouch",
    "who_takes_mail",
]
