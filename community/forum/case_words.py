"""What the bands of a case are called."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.forum import words
from community.forum.models import Case

Words = Any  # a str or a lazy translation

AGES: dict[str, Words] = {
    "0-12": _l("12 years or younger"),
    "13-17": _l("13 to 17 years"),
    "18-24": _l("18 to 24 years"),
    "25-34": _l("25 to 34 years"),
    "35-44": _l("35 to 44 years"),
    "45-54": _l("45 to 54 years"),
    "55-64": _l("55 to 64 years"),
    "65-74": _l("65 to 74 years"),
    "75+": _l("75 years or older"),
}
SETTINGS: dict[str, Words] = {
    "outpatient": _l("Clinic or office"),
    "hospital": _l("Hospital"),
    "emergency": _l("Emergency department"),
    "residential": _l("Residential treatment"),
    "shelter": _l("Shelter or supportive housing"),
    "outreach": _l("Outreach"),
    "corrections": _l("Prison or jail"),
    "telehealth": _l("At a distance"),
    "pharmacy": _l("Pharmacy"),
    "home": _l("At home"),
}
SUBSTANCES: dict[str, Words] = {
    "opioids": _l("Opioids"),
    "alcohol": _l("Alcohol"),
    "stimulants": _l("Stimulants"),
    "benzodiazepines": _l("Benzodiazepines"),
    "cannabis": _l("Cannabis"),
    "tobacco": _l("Tobacco, nicotine"),
    "ghb": _l("GHB"),
    "psychedelics": _l("Psychedelics"),
    "solvents": _l("Solvents"),
    "gambling": _l("Gambling"),
    "other": _l("Another substance"),
}
TRIED: dict[str, Words] = {
    "buprenorphine": _l("Buprenorphine"),
    "methadone": _l("Methadone"),
    "slow_morphine": _l("Slow-release morphine"),
    "injectable": _l("Injectable opioid agonist"),
    "naltrexone": _l("Naltrexone"),
    "acamprosate": _l("Acamprosate"),
    "gabapentin": _l("Gabapentin"),
    "withdrawal": _l("Withdrawal management"),
    "residential": _l("Residential treatment"),
    "therapy": _l("Psychotherapy"),
    "contingency": _l("Contingency management"),
    "peers": _l("Peer support"),
    "harm_reduction": _l("Harm reduction"),
    "nothing": _l("Nothing yet"),
    "other": _l("Something else"),
}
ASKS: dict[str, Words] = {
    "starting": _l("Starting a treatment"),
    "dose": _l("A dose"),
    "switching": _l("Changing treatments"),
    "stopping": _l("Tapering, stopping"),
    "withdrawal": _l("Withdrawal"),
    "interaction": _l("Other medication"),
    "pain": _l("Pain"),
    "pregnancy": _l("Pregnancy, breastfeeding"),
    "other_illness": _l("Another illness beside it"),
    "engagement": _l("Staying in touch, trust"),
    "rights": _l("Rights, consent, law"),
    "referral": _l("Where to refer"),
    "other": _l("Something else"),
}


def case_facts(case: Case) -> list[tuple[Words, str]]:
    """What a case says of its situation, as pairs for a list of definitions; without what was not said."""
    said: list[tuple[Words, str]] = [
        (_("Age group"), str(AGES.get(case.age, ""))),
        (_("Province or territory"), words.region_name(case.province) if case.province else ""),
        (_("Place of care"), str(SETTINGS.get(case.setting, ""))),
        (_("Substances"), words.listing(SUBSTANCES[code] for code in case.substances.split(",") if code)),
        (_("Tried so far"), words.listing(TRIED[code] for code in case.tried.split(",") if code)),
        (_("The question is about"), str(ASKS.get(case.asks, ""))),
    ]
    return [(name, told) for name, told in said if told]
