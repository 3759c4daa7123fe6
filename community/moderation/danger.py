"""Whether a text sounds as if somebody may be in danger now. Pure, and linear in the length of the text.

It opens a card with help lines and puts the message first in the queue; it never holds a message back and
tells nobody outside. It is made to find, not to be sure: what it finds too much costs one more look.
Patterns are read on folded words (no accents, no capitals), each with gaps of bounded length.
"""

from __future__ import annotations

import re

from community.core.folding import fold

KINDS = ("overdose", "suicide", "violence", "minor", "pregnancy")

_FR: dict[str, tuple[str, ...]] = {
    "suicide": (
        r"\b(?:veux|voudrais|souhaite|envie de) (?:juste |vraiment )?(?:mourir|crever|disparaitre"
        r"|en finir)\b",
        r"\b(?:veux|veut) plus (?:vivre|me reveiller|se reveiller)\b",
        r"\b(?:me|se|m'en) (?:tuer|suicider|pendre)\b|\bme tuerais\b|\b[ms]'enlever la vie\b",
        r"\bd'en finir\b|\ben finir (?:ce soir|avec la vie|une fois pour toutes)\b",
        r"\blettres? d'adieu\b|\bpour ma mort\b|\bmon dernier message\b|\braison de vivre\b",
        r"\bdisparaissais\b|\bmieux sans moi\b|\bpense (?:\w+ )?au suicide\b",
        r"\bj'ai des idees suicidaires\b|\b(?:surdose|overdose) expres\b",
        r"\bprendre toutes? (?:mes|les|ses) (?:pilules|comprimes|medicaments)\b",
        r"\bcoupee? les (?:bras|veines|poignets)\b|\bsauter (?:du|en bas du|d'un) pont\b",
        r"\bjusqu'a ce que ca arrete\b",
        r"\b(?:faire|fais) une betise\b|\b(?:au bord|sur le bord|du haut) d[ue] (?:\w+ )?(?:pont|toit"
        r"|quai|metro)\b|\bveux (?:plus|pas) etre (?:la|ici)\b",
        r"\b(?:pilules|comprimes|medicaments)\b.{0,30}\b(?:vodka|alcool|bouteille)\b.{0,30}\b(?:bye"
        r"|adieu|ciao|desolee?|pardon)\b",
        r"\brien ne me retient\b|\bmanquerai a personne\b|\bnuit pour toujours\b"
        r"|\bje veux (?:juste )?(?:que ca|en) (?:finisse|finir)\b",
        r"\badieu (?:tout le monde|a tou(?:s|te)|mes|les ami|la vie)|\ben peux plus\b.{0,30}\badieu\b",
        r"\btout (?:est )?prepare\b.{0,30}\b(?:ce soir|demain|cette nuit)\b|\b(?:pense|songe"
        r"|envie)\b.{0,12}\ben finir\b",
        r"\becrit (?:les|des|mes|une|ma) lettres?\b.{0,50}\b(?:donne|adieu|enfants?|famille)\b"
        r"|\bdonne mon (?:chien|chat)\b",
        r"\bsaigne\b.{0,20}\b(?:poignets?|bras|cou)\b|\bme (?:coupe|couper|ouvrir"
        r"|lacere)\b.{0,15}\b(?:veines|poignets?|bras)?\b",
        r"\bvie (?:ne )?vaut (?:plus|pas)\b|\ba quoi bon (?:vivre|continuer)\b"
        r"|\bplus la force de (?:vivre|continuer)\b",
        r"\bm'endormir (?:pour toujours|et ne (?:plus|jamais))|\bdormir pour toujours\b"
        r"|\bme jeter (?:devant|en bas|du|dans le)\b",
        r"\bpris une? (?:boite|bouteille|poignee|pot) (?:de|d')|\bne plus etre (?:la|ici)\b"
        r"|\bplus envie de vivre\b",
    ),
    "overdose": (
        r"\brespire (?:plus|pas|a peine|mal)\b|\bmal a respirer\b",
        r"\blevres (?:sont )?bleues\b|\breveille (?:pas|plus)\b|\bpas a (?:le|la|les) reveiller\b",
        r"\binconsciente?\b|\bsans connaissance\b|\bne bouge (?:plus|pas)\b|\bne revient pas\b",
        r"\b(?:vient|viens) de faire une (?:overdose|surdose)\b|\ben train de faire une (?:overdose"
        r"|surdose)\b",
        r"\bpris trop de\b|\btrop pris\b|\bpris toutes (?:ses|mes|les)\b|\bavale \d+\b",
        r"\b(?:elle|il) convulse\b|\bpouls (?:\w+ ){0,3}faible\b|\brester eveillee?\b",
        r"\brespire (?:une|deux|trois|\d) fois\b|\bvois double\b|\bblack-?outs?\b.{0,20}\b(?:ce soir"
        r"|encore)\b|\b(?:froide?|raide)\b.{0,25}\b(?:repond|bouge|respire)\b",
        r"\bhallucin\w+\b.{0,30}\b(?:depuis|arrete)\b|\b(?:repond|reagit) (?:pas|plus)\b"
        r"|\bmisere a respirer\b|\baval(?:e|er) (?:tou(?:t|te|s)|la (?:bouteille|boite)|le pot|un pot)\b",
        r"\b(?:fais|fait presentement) (?:encore )?une (?:overdose|surdose|od)\b|\bconvulsions?\b",
        r"\bsens plus (?:mes|mon|ma)\b|\btremble\w*\b.{0,30}\barrete\b|\bcoeur (?:\w+ ){0,2}(?:serre"
        r"|bat (?:trop|tres) vite|debat)\b",
        r"\blevres? (?:\w+ )?(?:mauves?|violettes?|grises?|bleues?)\b|\bbruit de ronflement"
        r"|\bronfle\w* (?:bizarre|drole|fort)",
        r"\b(?:vient de|viens de) (?:tomber|s'effondrer)\b|\bs'est effondree?\b|\bmanque d'air\b"
        r"|\bpas de pouls\b",
        r"\b(?:est|devient|toute?) (?:bleue?|grise?|mauve)\b|\bmousse (?:a la|par la) bouche\b"
        r"|\bnaloxone (?:marche|agit|fait) (?:pas|rien)",
        r"\bm'endors\b.{0,25}\bseule?\b|\bseule?\b.{0,40}\bm'endors\b|\ben (?:overdose|surdose|od)\b",
        r"\bpris \d{2,} ?(?:tylenol|advil|aspirines?|comprim\w+|pilules?|capsules?|xan\w*|clonaz\w*"
        r"|benzos?|ativan|dilau\w*)",
        r"\b(?:mal|douleurs?) (?:dans|a) la poitrine\b|\bvois des choses\b|\bsens plus mes (?:jambes|bras)\b",
    ),
    "minor": (
        r"\bj'ai (?:9|1[0-7]) ans\b(?! de| d')|\ben fugue\b|\bsuis en secondaire\b",
        r"\bde (?:[1-9]|1[0-7]) (?:ans|mois)\b.{0,60}\b(?:avale|patch|seringue|drogue|bu|fume|injecte)",
        r"\b(?:drogue|dope|pilules)\b.{0,40}\bde (?:[1-9]|1[0-7]) ans\b",
        r"\bbebe\b.{0,40}\b(?:avale|bu)\b|\benfants? (?:sont|est|reste\w*) seule?s?\b",
        r"\benfant\b.{0,40}\b(?:seringue|pique|avale)",
    ),
    "pregnancy": (
        r"\b(?:suis|est) enceinte\b.{0,90}\b(?:consomm|pren|coke|boi|arret|saigne|fentanyl|crack|alcool"
        r"|speed)",
        r"\bsaigne\b.{0,60}\benceinte\b|\benceinte\b.{0,40}\b(?:saigne|contractions|perdu les eaux)\b"
        r"|\benceinte,? j'ai\b|\bbouger (?:le|mon) bebe\b|\bbebe bouger\b",
    ),
    "violence": (
        r"\b(?:va|vais|allait|veut|veux) (?:me|le|la|nous les|les) tuer\b(?! avec leur)",
        r"\bm'a (?:battue?|frappee?|violee?|etranglee?)\b|\bil m'a battue?\b|\bviolee\b|\bme (?:frappe"
        r"|bat)\b",
        r"\bme retient\b|\ba (?:une arme|un couteau|un fusil|un gun)\b|\bmon fusil\b",
        r"\bfaire (?:du )?mal a (?:quelqu'un|lui|elle)\b|\bcasser les (?:jambes|bras|dents)\b",
        r"\bpeur de (?:rentrer|retourner) (?:chez|a la maison)?|\bmenace tout le monde\b",
        r"\b(?:pere|mere|chum|blonde|mari|ex|oncle|beau-pere) me (?:bat|frappe|touche|force|menace)\b"
        r"|\bmenace de (?:me|nous|bruler)\b",
        r"\b(?:couteau|fusil|gun|arme|machette)\b.{0,20}\b(?:gorge|tete|sur moi)\b|\bm'a (?:viole"
        r"|agresse|etrangle|menace)\w*\b|\bil va me\b",
        r"\bcachee? (?:dans|sous|au)\b.{0,30}\b(?:salle de bain|garde-robe|sous-sol|lit)\b"
        r"|\bm'etrangle\b|\bme cogne\b",
        r"\bfaire du mal (?:a (?:mes|mon|ma|eux)|aux enfants)|\bdu mal a mes (?:enfants|petits)",
        r"\bforce a (?:vendre mon corps|coucher)\b",
    ),
}
_EN: dict[str, tuple[str, ...]] = {
    "suicide": (
        r"\b(?:want|wanna|going|ready) (?:to )?(?:die|end it|end my life|kill myself|disappear)\b(?! of)",
        r"\bkill(?:ing)? (?:my|him|her|them)sel(?:f|ves)\b|\bkms\b|\bhang(?:ing)? myself\b"
        r"|\bend it tonight\b",
        r"\bdon'?t want to (?:live|wake up|be here|be alive)\b|\bnever wake up\b|\bwish i (?:was"
        r"|were) dead\b",
        r"\bgoodbye letters?\b|\bmy last (?:post|message)\b|\breason (?:left )?(?:for me )?to live\b",
        r"\bif i was gone\b|\bbetter off without me\b|\bi have suicidal thoughts\b|\b(?:my|her"
        r"|his) own life\b",
        r"\btake all my (?:pills|meds|medication)\b|\boverdose on purpose\b|\bcut (?:myself|my wrists?)\b",
        r"\bthinking (?:about|of) (?:jumping|suicide|ending)\b",
        r"\b(?:don'?t|dont|do not) (?:want to|wanna) (?:be|live|wake|exist|do this)\b"
        r"|\bnobody would (?:notice|care|miss)\b|\bhot ?shot\b",
        r"\bcut (?:too )?deep\b|\bif i (?:was|were|am) dead\b|\b(?:on|off) the (?:bridge|roof|ledge)\b"
        r"|\bpills\b.{0,30}\b(?:vodka|booze|liquor)\b.{0,20}\b(?:bye|sorry)\b",
        r"\b(?:point|purpose) (?:of|in) (?:being alive|living|going on|life)\b|\btell (?:my|him|her"
        r"|them) (?:\w+ )?i love\b|\bi have (?:a plan|the means)\b",
        r"\bnot (?:want to )?wake up\b|\bwish i (?:would|could|was|were) (?:just )?(?:not|never|dead"
        r"|gone|die)\b|\bdisappear forever\b",
        r"\b(?:can'?t|cannot) (?:do (?:this|it) anymore|go on|take (?:it"
        r"|this) anymore)\b.{0,30}\b(?:goodbye|bye|sorry|tonight|love)|\bgoodbye (?:everyone|everybody"
        r"|all|world|cruel|my friends)",
        r"\b(?:take|taking|took|swallow) (?:them|it) all\b|\bpills lined up\b|\bnote is written\b"
        r"|\bbetter off dead\b",
        r"\bno (?:reason|point) (?:left )?(?:to|in) (?:keep )?(?:liv|go)(?:e|ing)?\b"
        r"|\bnot worth living\b|\bdon'?t want to (?:exist|go on)\b",
        r"\bwritten (?:the|my|some) (?:letters|notes?)\b|\bgiv(?:en|ing) (?:my|the) (?:dog|cat|pets?"
        r"|things|stuff) away\b|\bgave (?:away )?my (?:dog|cat)\b",
        r"\bbleeding\b.{0,20}\b(?:wrists?|arms?|neck)\b|\bslit my\b|\bcutting (?:myself|again|my)\b"
        r"|\bself[- ]harm(?:ing|ed)? (?:tonight|again|now)",
        r"\btook (?:a whole |the whole )?(?:bottle|box|handful) of\b|\bjump(?:ing)? (?:off|in front)\b"
        r"|\brope (?:is )?ready\b",
    ),
    "overdose": (
        r"\b(?:isn'?t|is not|not|barely|stopped) breathing\b|\bcan'?t breathe\b|\b(?:won'?t"
        r"|can'?t) wake (?:him|her|up)\b",
        r"\blips are (?:blue|grey|purple)\b|\bunconscious\b|\bnot (?:moving|coming back|responding)\b",
        r"\bhe just overdosed\b|\b(?:just|is|i'm|i am|was) overdos(?:ed|ing)\b|\boverdosing (?:right )?now\b",
        r"\btook too (?:much|many)\b|\bmethadone twice\b|\btook all (?:her|his|my|their)\b|\bswallowed \d+\b",
        r"\bhaving a seizure\b|\bpulse is (?:weak|slow)\b|\blooks gr[ea]y\b|\bpassed out\b",
        r"\btook \d{2,} ?(?:tylenols?|advils?|aspirins?|pills?|tabs?|tablets|capsules|xan\w*|benzos?"
        r"|clonaz\w*|ativans?|percs?)\b",
        r"\b(?:not|isn'?t) making sense\b|\bcold and (?:stiff|blue|grey|clammy)\b|\b(?:is|he'?s"
        r"|she'?s) (?:cold|stiff|limp)\b.{0,12}$|\bblack(?:ing|ed) out\b",
        r"\b(?:can'?t|cannot) stop shaking\b|\bseeing (?:shadows|double)\b|\bbreath\w* (?:once|twice"
        r"|every|only)\b|\bdrank (?:hand sanitizer|bleach|antifreeze)\b",
        r"\b(?:can'?t|cannot|won'?t|doesn'?t|does not|not) (?:\w+ ){0,4}(?:wake|respond"
        r"|answer(?:ing)? me|come to)\b|\bfoaming\b",
        r"\bnarcans?\b.{0,40}\b(?:still (?:out|not|blue|un)|again and|nothing|no response"
        r"|isn'?t (?:work|help|wak))|\bstill (?:out|not awake)\b|\bcan'?t feel my\b",
        r"\bdouble (?:my|the|dose of)\b.{0,40}\b(?:alone|dizzy|sleepy|scared)\b|\balone and (?:dizzy"
        r"|high|scared|sick|shaking)\b",
        r"\bheart\b.{0,20}\b(?:pounding|racing)\b.{0,50}\b(?:numb|arm|chest|coke|meth|crack|speed)\b"
        r"|\bseeing (?:bugs|spiders|people)\b",
        r"\bshaking\b.{0,40}\b(?:quit|stopped) (?:drinking|alcohol|benzos)\b|\bseizures? (?:since|now"
        r"|again|right)\b",
        r"\bunresponsive\b|\b(?:lips?|face|fingers|nails) (?:\w+ )?(?:is |are |turn\w* |went "
        r"|go\w* )?(?:blue|purple|grey|gray)\b|\b(?:blue|purple|grey) lips\b",
        r"\b(?:turn(?:ed|ing)|going|gone|went|is|he'?s|she'?s) blue\b|\bgurgl\w+|\bsnoring (?:weird"
        r"|funny|loud|strange)|\bdeath rattle\b|\bno pulse\b",
        r"\b(?:just|has) (?:went|gone) down\b|\bjust (?:dropped|collapsed)\b|\b(?:he|she|they|friend"
        r"|buddy|dad|mom|son|daughter) (?:just )?collapsed\b|\bfoam\w* at the mouth\b"
        r"|\bnarcan (?:isn'?t|is not|not|didn'?t) work",
        r"\b(?:od'?ing|od'?d|oding)\b|\bpain in (?:my|his|her) chest\b|\bchest pain and\b"
        r"|\bcan'?t keep (?:my|his|her) eyes open\b",
        r"\bchest pain since\b|\bstay awake\b|\bseeing things\b",
    ),
    "minor": (
        r"\bi'?m (?:9|1[0-7])\b(?! (?:(?:years|months) (?:sober|clean|in)|days?|weeks?|hours?|minutes?"
        r"|mg|km))|\bi am (?:9|1[0-7])\b(?! (?:days?|weeks?|months?|hours?|minutes?|mg|km))"
        r"|\bran away\b|\bin grade (?:[5-9]|1[0-2])\b",
        r"\b(?:[1-9]|1[0-7])[- ]years?[- ]old\b.{0,50}\b(?:swallowed|drank|took|patch|drugs|inject)",
        r"\bdrugs?\b.{0,40}\b(?:[1-9]|1[0-7])[- ]years?[- ]old\b",
        r"\b(?:kid|son|daughter|child|toddler|baby)\b.{0,20}\bgot into my\b|\b(?:toddler"
        r"|baby)\b.{0,40}\b(?:patch|pills?|drunk|drank|swallowed|methadone in)\b",
        r"\bkids? (?:are|is) alone\b|\bdad hits me\b|\bmom hits me\b",
    ),
    "pregnancy": (
        r"\bpregnant\b.{0,90}\b(?:i stopped|still using|use fentanyl|used coke|drinks|using)\b",
        r"\b(?:i'?m|i am)\b.{0,30}\bpregnant\b.{0,90}\b(?:us(?:e|ing|ed)|drink|coke|fentanyl|meth|crack)\b",
        r"\bwater (?:just )?broke\b|\bbleeding\b.{0,40}\bpregnant\b|\bfeel the baby\b",
    ),
    "violence": (
        r"\b(?:going to|gonna|will|wants? to) kill (?:me|him|her|you|them)\b(?!sel)",
        r"\bbeat me\b|\bhits me\b|\bhas a (?:knife|gun|weapon)\b|\bmy gun\b|\braped\b"
        r"|\bwon'?t let me leave\b",
        r"\bhurt (?:someone|somebody|him|her)\b|\bbreak my (?:legs|arms)\b|\bafraid to go home\b",
        r"\bthreaten\w* to\b|\b(?:outside|at) my (?:tent|door|window)\b|\bmachete\b|\b(?:dad|father"
        r"|stepdad|uncle|boyfriend|husband|ex) (?:hits|beats|touches|hurts) me\b",
        r"\b(?:com(?:e|ing)|be|came) back with (?:a|his) (?:gun|knife|friends)\b|\b(?:knife|gun) (?:to"
        r"|at|on) my\b|\bmakes me sell\b",
        r"\b(?:is|keeps|started|was) (?:hitting|beating|choking|hurting|strangling) (?:me|us|her|him"
        r"|my)\b|\bhiding in (?:the|my|a) (?:bath|closet|basement|bed)",
        r"\bhurt(?:ing)? my (?:kids?|child\w*|son|daughter|baby|family|wife|husband|partner|girlfriend"
        r"|boyfriend)\b|\bchok(?:ed|es|ing) me\b",
        r"\bmakes me sell my body\b|\bthreatening everybody\b",
    ),
}
# Of guidance, teaching and memory: a text that says one of these is about danger, not in it, unless
# it also speaks of now.
_ABOUT = re.compile(
    r"\b(?:prevention|protocole?|formation|training|depistage|screening|workshop|atelier|taux de|rates?"
    r"|litterature|literature|comment reconnaitre|signes? d'une|signs? of|monitoring|how do you (?:assess"
    r"|treat)"
    r"|comment evaluer|programs? were|program links|revue de|(?:years|months) ago|il y a (?:\w+ )?ans"
    r"|a l'epoque"
    r"|back then|surveillance)\b"
)
_NOW = re.compile(
    r"\b(?:aidez|aide-moi|help me|please help|right now|en ce moment|tantot|ce soir|tonight"
    r"|qu'est-ce que je fais"
    r"|what do i do|vite)\b"
)
_PATTERNS = {kind: re.compile("|".join((*_FR[kind], *_EN[kind]))) for kind in KINDS}


def kinds(text: str) -> tuple[str, ...]:
    """The kinds of danger a text sounds like, the most urgent first; none for most texts."""
    words = " ".join(fold(text).split())
    if _ABOUT.search(words) and not _NOW.search(words):
        return ()
    return tuple(kind for kind in KINDS if _PATTERNS[kind].search(words))


def somebody_may_be(text: str) -> bool:
    """Whether somebody may be in danger."""
    return bool(kinds(text))
