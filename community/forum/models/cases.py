"""Cases: a situation in bands instead of facts, so that it could be many people's."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base

AGES = ("0-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
SETTINGS = (
    *("outpatient", "hospital", "emergency", "residential", "shelter"),
    *("outreach", "corrections", "telehealth", "pharmacy", "home"),
)
SUBSTANCES = (
    *("opioids", "alcohol", "stimulants", "benzodiazepines", "cannabis", "tobacco"),
    *("ghb", "psychedelics", "solvents", "gambling", "other"),
)
TRIED = (
    *("buprenorphine", "methadone", "slow_morphine", "injectable", "naltrexone", "acamprosate", "gabapentin"),
    *("withdrawal", "residential", "therapy", "contingency", "peers", "harm_reduction", "nothing", "other"),
)
ASKS = (
    *("starting", "dose", "switching", "stopping", "withdrawal", "interaction", "pain", "pregnancy"),
    *("other_illness", "engagement", "rights", "referral", "other"),
)


LISTS = ("age", "province", "setting", "substances", "tried", "asks")


class Case(Base):
    """What a case topic says of the situation: codes of the lists above, comma-separated where several."""

    __tablename__ = "topic_case"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    age: Mapped[str] = mapped_column(String(8), default="")
    province: Mapped[str] = mapped_column(String(2), default="")
    setting: Mapped[str] = mapped_column(String(16), default="")
    substances: Mapped[str] = mapped_column(String(200), default="")
    tried: Mapped[str] = mapped_column(String(300), default="")
    asks: Mapped[str] = mapped_column(String(16), default="")

    def said(self) -> dict[str, str]:
        """Its codes by the name of their list."""
        return {name: getattr(self, name) or "" for name in LISTS}
