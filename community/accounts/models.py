"""The persona side: the names people write under, their groups, titles and duties.

Nothing here says which member is behind a persona. A persona's id is random, is the key in its
address, and is all that other tables know of a person.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key

PROFESSIONS = (
    "physician",
    "nurse_practitioner",
    "nurse",
    "pharmacist",
    "social_worker",
    "psychotherapist",
    "counsellor",
    "harm_reduction_worker",
)
# Where somebody works, verified as a title is: it opens what is for that group, not for professionals.
AFFILIATIONS = ("government", "public_health", "organization")
LEARNER = "learner"
CLINICIANS = frozenset({"physician", "nurse_practitioner", "nurse", "pharmacist"})
LIVED = frozenset({"lived_experience", "family"})
GROUPS = (
    *PROFESSIONS,
    "learner",
    "lived_experience",
    "family",
    "government",
    "public_health",
    "researcher",
    "public",
)
PROFESSIONAL_GROUPS = frozenset((*PROFESSIONS, "learner"))


class Persona(Base):
    """A name a member writes under."""

    __tablename__ = "persona"
    __table_args__ = (
        CheckConstraint("kind IN ('public','protected','imported')", name="kind"),
        CheckConstraint("state IN ('active','former')", name="state"),
        WITHOUT_ORDER,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    name: Mapped[str] = mapped_column(String(80))
    # The name as eyes read it (confusable characters folded): no two active personas share it.
    skeleton: Mapped[str | None] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(9))  # public, protected, imported
    state: Mapped[str] = mapped_column(String(6), default="active")  # active, former
    region: Mapped[str | None] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    made_on: Mapped[date]  # the first day of its month: a day could be matched to an account
    # Hash of the code shown once when the name was made: the way back after a lost key file.
    recovery_hash: Mapped[str | None] = mapped_column(String(64))
    # Where an import came from, so that a second run finds the same author.
    imported_from: Mapped[str | None] = mapped_column(String(120), unique=True)
    # The vault attests a verified clinician behind this protected name; set and unset by the daily check.
    attested: Mapped[bool] = mapped_column(default=False, server_default=false())

    groups: Mapped[list[PersonaGroup]] = relationship(cascade="all, delete-orphan")
    credentials: Mapped[list[Credential]] = relationship(
        cascade="all, delete-orphan", order_by="Credential.id"
    )
    duties: Mapped[list[Duty]] = relationship(cascade="all, delete-orphan")

    @property
    def protected(self) -> bool:
        """Whether nothing may tie this name to another."""
        return self.kind == "protected"

    @property
    def former(self) -> bool:
        """Whether nobody writes under this name any more: pages say "former member" instead of it."""
        return self.state == "former"

    @property
    def monogram(self) -> str:
        """One or two letters of this name, for the square or the dashed round beside it."""
        words = [word for word in self.name.replace("-", " ").split() if word[:1].isalnum()]
        titles = {"dr", "dr.", "dre", "np", "rn", "inf.", "pr", "pre"}
        kept = [word for word in words if word.lower() not in titles] or words or ["?"]
        return "".join(word[0] for word in (kept[0], kept[-1])[: min(len(kept), 2)]).upper()


class PersonaGroup(Base):
    """A stakeholder group that a persona says it belongs to; a claim, not a credential."""

    __tablename__ = "persona_group"
    __table_args__ = WITHOUT_ORDER

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    group: Mapped[str] = mapped_column("group_code", String(24), primary_key=True)


class Credential(Base):
    """A professional title that a public persona claims, and where its checking stands."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("persona_id", "profession", "jurisdiction"),
        CheckConstraint(
            "state IN ('claimed','pending','verified','refused','lapsed','revoked')", name="state"
        ),
        WITHOUT_ORDER,
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), index=True)
    profession: Mapped[str] = mapped_column(String(24))
    jurisdiction: Mapped[str] = mapped_column(String(2))  # province or territory
    state: Mapped[str] = mapped_column(String(8), default="claimed")
    # Of the licence number only these are kept: a keyed hash, and three characters to recognize it.
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    number_end: Mapped[str] = mapped_column(String(3), default="")
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    specialty: Mapped[str] = mapped_column(String(30), default="", server_default="")
    organization: Mapped[str] = mapped_column(String(120), default="", server_default="")
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How the person showed that the title is theirs: mailbox, issuer, call, supervisor; empty: not yet.
    proof: Mapped[str] = mapped_column(String(10), default="", server_default="")
    # The keyed hash of the institution that stands behind the proof; the address was never kept.
    proof_by: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    proved_on: Mapped[date | None]
    # How many days before its end the person was last reminded (30, 7); 0: not yet.
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")

    decisions: Mapped[list[CredentialDecision]] = relationship(
        cascade="all, delete-orphan", order_by="CredentialDecision.number"
    )


class CredentialDecision(Base):
    """One dated step in the checking of a title, by whom and why."""

    __tablename__ = "credential_decision"
    __table_args__ = (UniqueConstraint("credential_id", "number"),)

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"))
    number: Mapped[int]  # counted within the title
    # claimed, pending, verified, checked (it stands), refused, lapsed, revoked
    decision: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(40))  # a persona, "operator" or "calendar"
    because: Mapped[str] = mapped_column(String(20), default="", server_default="")  # a reason of the list
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry: Mapped[int | None]  # its number in the register of acts


class Duty(Base):
    """What the community entrusts to a persona: coordinator, administrator, moderator of a space."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("duty IN ('coordinator','administrator','moderator')", name="duty"),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(13), primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True, default="")  # a space's slug
    given_on: Mapped[date]


class VaultRow(Base):
    """Half of a link between a member and a persona. Says nothing without the key file."""

    __tablename__ = "vault"
    __table_args__ = WITHOUT_ORDER

    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(80))
