"""Names that borrow a title, an institution, or the name of somebody whose word counts (cases 4c and 26)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.accounts.models import Persona
from community.accounts.names import alike, bare_skeletons, fault_of, skeleton, tidy_name
from community.accounts.services import likeness, personas, rereading
from community.accounts.services.personas import Wish
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.jobs import schedule
from community.core.jobs.queue import Job
from tests import cast as people
from tests.make import accounts as make

TITLED = [
    *("D r Anna", "Anna M D", "Anna Brook M. D.", "R.N. Anna", "Anna R N", "Dra Anna", "Dr-Anna", "dr anna"),
    *(
        "Đr Anna",
        "Ðr Anna",
        "Sage-femme Anna",
        "SageFemme Anna",
        "Social Worker Jo",
        "Travailleuse sociale Jo",
    ),
    *("Врач Анна", "Доктор Анна", "医生", "Γιατρός Άννα", "Paramedic Jo", "Toxicologue Jo", "Dentiste Jo"),
    *(
        "Anna Brook, Ph.D.",
        "Pharm. D. Jo",
        "Psy. D. Jo",
        "Jo Roy t.s.",
        "Doc Watson",
        "Anna Roy CCMF",
        "Jo GP",
    ),
    *("Conseillère Jo", "Intervenant Luc", "Résidente Anna", "Interne Luc", "Harm-reduction worker Jo"),
    *("Nurs3 Jo", "M3decin Luc", "1nfirmi3re Jo", "Phy5ician Jo", "ᴅʀ Anna", "ᴍᴇᴅᴇᴄɪɴ", "ꓓꓣ ꓮꓠꓠꓮ", "ᗪᖇ ᗷᗴᒪ"),
    *("D-r Anna", "D‐r Anna", "D'r Anna", "N-u-r-s-e Jo", "Mé-decin Luc", "Infirmi-ère Julie", "Anna M-D"),
    *("Me decin Luc", "Pharma cien Luc", "Medecin2", "Anna md2", "3Nurse", "MDAnna", "pharmacistjo"),
    *("nursejo", "Nursejo", "docjo", "drsophie", "jonurse", "psyjo", "Luc rnmarie"),
    *("psychiatristjo", "Docteurjo", "Doct. Anna", "Externe Luc", "Extern Jo", "Intern Jo", "Med student"),
    *("Др Анна", "Д-р Анна", "Медсестра Анна", "Лікар Анна", "Ιατρός", "Νοσοκόμα Άννα", "护士", "王医生"),
    *(
        "看護師",
        "김의사",
        "طبيب",
        "دكتور أحمد",
        "ممرضة",
        "רופא",
        "डॉक्टर",
        "ਡਾਕਟਰ ਸਿੰਘ",
        "Bác sĩ Lan",
        "Doktè Jan",
    ),
    *(
        "Bác sĩ Lan",
        "Enfermeiro Zé",
        "Médica Ana",
        "Doutor Luc",
        "Krankenschwester",
        "Ärztin Jo",
        "Lekarz Jo",
        "Doktorka",
    ),
    *("Infirmière-Julie", "lnfirmier Jo", "Médec1n Jo", "N. P. Anna RN", "Anna FRCPC", "Omnipraticienne Jo"),
]
BODIES = [
    *("Santé Canada", "Sante-Canada", "Health Canada", "HealthCanada", "Collège des médecins", "RCMP Ottawa"),
    *(
        "Police de Laval",
        "Ministère Jo",
        "Public Health Jo",
        "Ordre des infirmiers",
        "ClUSSS Ouest",
        "Hôpital Jo",
    ),
]
# What a rule against titles must leave alone.
NAMES = [
    *(
        "Anna M. Brook",
        "M. Tremblay",
        "Anna M Brook",
        "R. N. Singh",
        "M. D. Roy",
        "W. Roy",
        "N P Roy",
        "J R Roy",
    ),
    *("T.S. Eliot", "Maria Do", "Anna Nguyen", "Andrea Drake", "Prudence Roy", "Mdou Diallo"),
    *(
        "Sacha Ministrel",
        "Publia Health",
        "Canada Roy",
        "Orrin Nursel",
        "Psyche Moon",
        "Marc Docherty",
        "Anna Li 3",
        "Ипполит Рыбаков",
        "Renée Infante",
    ),
]
NAMES += ["Psyche Moon", "Marc Docherty", "Anna Li 3", "Marianne Mann", "Luc Pritchard", "Drew Drolet"]
NAMES += ["J-P Roy", "J.-P. Roy", "R-N Singh", "M-D Roy", "Jean-D. Roy", "Mary-Pat O’Neil", "Rita MacDonald"]
NAMES += [
    "Cory Doctorow",
    "Internet Joe",
    "Ana Medina",
    "Karen Medicine Bull",
    "Intan Roy",
    "王小明",
    "ਸਿੰਘ ਕੌਰ",
]
DUTIES = ["Mod Jo", "ModJo", "Mode-rator", "Admini strator", "Soutien technique", "jomoderator", "Staff2"]
# Beyond the pairs of test_names.py: strokes and hooks, Cherokee, Cyrillic of other languages.
CONFUSED = [
    ("Diana Roy", "Ðiana Roy"),
    ("Bob Hope", "Ɓob Ħope"),
    ("Kate Tam", "Ƙate Ŧam"),
    ("Noe Kay", "Ŋoe Ƙay"),
    ("Oleo Bay", "Ɵlɛo Ƅay"),
    ("Dage Gell", "ᎠᎪᏀᎬ ᏀᎬᏞᏞ"),
    ("Wes Rice", "ᎳᎬᏚ ᏒᎥᏟᎬ"),
    ("Coco Exe", "Ҫөҫѳ Єҳҽ"),
    ("Maude Ferland", "ᴍᴀᴜᴅᴇ ꜰᴇʀʟᴀɴᴅ"),
    ("Maude Ferland", "ꓟꓮꓴꓓꓰ ꓝꓰꓣꓡꓮꓠꓓ"),
    ("Maude Ferland", "Mɐuɗɇ Feɼɭaɲd"),
    ("Maude Ferland", "Maude Ferlandː"),
    ("Toby Cox", "ⲧⲟⲃⲩ ⲥⲟⲭ"),
]


@pytest.mark.parametrize("name", TITLED)
def test_a_title_in_any_clothes_is_refused(name):
    assert fault_of(tidy_name(name), "public")


@pytest.mark.parametrize("name", [*BODIES, *DUTIES])
def test_the_voice_of_an_institution_is_not_borrowed(name):
    assert fault_of(tidy_name(name), "public")


@pytest.mark.parametrize("name", NAMES)
def test_initials_and_names_that_only_begin_like_a_title_are_names(name):
    assert fault_of(tidy_name(name), "public") is None


@pytest.mark.parametrize(("one", "other"), CONFUSED)
def test_more_names_that_eyes_confuse_are_one_name(one, other):
    assert alike(tidy_name(one), tidy_name(other))


@pytest.mark.parametrize(
    "name",
    [
        "Annа Bell",
        "Anna Вell",
        "Αnna Bell",
        "Anna Ᏼell",
        "Аnna",
        "Anna 贝尔",
        "Aնna",
        "Anna ベル",
        "Ann٥",
        "J० Brook",
    ],
)
def test_two_alphabets_in_one_name_are_refused(name):
    assert fault_of(tidy_name(name), "public")


@pytest.mark.parametrize(
    "name",
    [
        "Noemie Larch 2",
        "The Real Noemie Larch",
        "Larch Noémie",
        "La vraie Noemie Larch",
        "Noemie-Larch77",
        "N0emi3 L4rch",
    ],
)
def test_little_words_figures_and_order_make_nobody_another(name):
    assert skeleton("Noemie Larch") in bare_skeletons(name)


@pytest.mark.parametrize("name", ["Noemie Larchmont", "Noe Larch", "Noemie M Larch", "Emile Larch", "Noemie"])
def test_another_word_does(name):
    assert skeleton("Noemie Larch") not in bare_skeletons(name)


def test_many_words_are_not_put_in_every_order():
    assert len(bare_skeletons("one two three four five six seven eight nine ten")) == 1
    assert len(bare_skeletons("one two three four")) == 24


@pytest.fixture
def somebody(app):
    """A verified physician, a moderator, and a member of the public."""
    with transaction():
        physician, moderator = people.persona("Noemie Larch"), people.persona("Far Lake")
        people.persona("Robin Tallgrass")
        people.title(physician, "physician")
        people.duty(moderator, "moderator", "lived-experience")
        for row in db.session.query(Persona):
            row.skeleton = skeleton(row.name)
    return physician


@pytest.mark.parametrize(
    "name", ["Noemie Larch 2", "Larch Noemie", "Far Lake 1", "The Far Lake", "Noemie Larch"]
)
def test_a_name_that_adds_nothing_to_that_of_somebody_believed_is_refused(somebody, name):
    with pytest.raises(Invalid), transaction():
        personas.make(people.member().id, Wish("public", name))


def test_of_others_only_what_eyes_confuse_is_refused(somebody):
    with transaction():
        personas.make(people.member().id, Wish("public", "Robin Tallgrass 2"))
    with pytest.raises(Invalid), transaction():
        personas.make(people.member().id, Wish("public", "R0bin Tallgrass"))


def test_a_title_that_lapsed_no_longer_keeps_like_names_away(app):
    with transaction():
        lapsed = people.persona("Theo Brook")
        people.title(lapsed, "physician", days_left=-1)
        db.session.get_one(Persona, lapsed.persona_id).skeleton = skeleton("Theo Brook")
    assert not likeness.is_anothers("Theo Brook 2")


def test_names_from_before_an_upgrade_are_read_as_names_are_read_now(app):
    old, other, twin = (
        make.account(f"{n}@example.org", name).persona_id
        for n, name in enumerate(("Maude Ferland", "Robin Brook", "Oda Lune"))
    )
    with transaction():
        for key, stored in ((old, "as it was read then"), (twin, "r0bin br0ok")):
            db.session.get_one(Persona, key).skeleton = stored
        db.session.get_one(Persona, twin).name = "Rɵbin Brook"
    db.session.remove()
    assert rereading.read_names_anew() == 1
    read = dict(db.session.execute(select(Persona.id, Persona.skeleton)).all())
    assert read[old] == skeleton("Maude Ferland")
    assert read[other] == skeleton("Robin Brook")
    assert read[twin] == "r0bin br0ok"  # alike by now: nobody's name is taken away
    assert rereading.read_names_anew() == 0


def test_the_clock_has_names_read_anew(app):
    schedule.tick()
    assert "accounts.read_names_anew" in db.session.scalars(select(Job.name)).all()
