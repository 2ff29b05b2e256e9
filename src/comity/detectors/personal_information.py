"""Telephones, addresses, e-mails and numbers of private people, also spelt out."""

import re
from collections.abc import Iterator
from functools import lru_cache

from comity.detectors.digits import FEWEST, listed, may_call, runs
from comity.detectors.papers import Sight, ids
from comity.detectors.story_words import context, find
from comity.findings import Finding, Label, Submission
from comity.text import Span

# Where English and Spanish are written; the first region in which a number is possible counts.
REGIONS = ("GB", "US", "ES", "MX", "AR", "IE", "AU", "CO", "CL", "PE", "DO", "UY", "NZ", "VE", "EC")

MAIL = re.compile(
    r"(?<![\w.+-])([a-z0-9_][\w.+-]{0,60})@([a-z0-9-]{1,60}(?:\.[a-z0-9-]{2,40}){1,4})",
    re.IGNORECASE,
)
AT = r" ?(?:\(at\)|\[at\]|\{at\}| at |\(arroba\)| arroba ) ?"
DOT = r" ?(?:\(dot\)|\[dot\]| dot | punto |\.) ?"
SPELT_MAIL = re.compile(
    rf"(?<![\w.])([a-z0-9_][\w.+-]{{1,40}}){AT}([a-z0-9-]{{2,40}}){DOT}"
    r"(?:com|net|org|co|uk|es|mx|ar|me|info|edu|email|mail)(?!\w)",
    re.IGNORECASE,
)
MAIL_IN_WORDS = re.compile(
    r"\b(?:e ?-?mail|correo|mail)\b[^.!?\n]{0,80}?\b(?:underscore|at gmail|at hotmail|at yahoo|"
    r"arroba|guion bajo|at the one|at \w{2,12}mail)\b",
    re.IGNORECASE,
)
MAIL_SIGNS = (" at ", "arroba", "(at)", "[at]", "{at}", "underscore")
# Boxes of an office rather than of a person.
OFFICES = re.compile(
    r"(?:press|info|office|news|editor|letters|contact\w{0,2}|help|support|council|consult\w{0,6}|"
    r"enquir\w{1,3}|inquir\w{1,3}|complaints?|admin|hello|hola|mail|team|media|pr|jobs|sales|"
    r"bookings?|reception|secretar\w{1,3}|president\w?|chair|clerk|treasurer|planning|members\w{0,4}|"
    r"volunteer\w?|donat\w{1,4}|feedback|customer\w{0,9}|service\w?|kits|prensa|redaccion|contacto|"
    r"atencion\w{0,12}|reclamos|alcaldia|ayuda|socios|abonados|noreply|webmaster|privacy|legal|dpo)"
    r"(?:[._-]?\w{0,20})?",
    re.IGNORECASE,
)

NAME = r"[A-ZÁÉÍÓÚÑ][\wáéíóúñ'’]{1,20}"
KIN = (
    r"(?:mum|mom|mother|dad|father|husband|wife|ex|son|daughter|brother|sister|kid|boy|girl|boss|"
    r"partner|boyfriend|girlfriend|nan|gran|neighbou?r|teacher|sous)"
)
# Somebody's relation, or somebody by first and last name.
RELATION = re.compile(
    rf"\b[A-Z][\w'’]{{1,20}}(?:'s|’s|s') {KIN}\b"
    r"|\b(?:called|[Ii]t's|[Ii]s|[Bb]oss,|little|named) [A-Z][a-z]{1,15} [A-Z][a-z]{2,15}\b"
)
STREET_EN = (
    r"Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Close|Court|Ct|Crescent|Terrace|Gardens|Grove|"
    r"Place|Square|Way|Walk|Mews|Hill|Row|Yard|Cottages?|Rise|Green|Park|View|Paddocks?|Bottom|"
    r"Lodge|Boulevard|Blvd|Parade|Mead|Meadows?|Quay|Wharf|Fields?|Croft|Vale|Bank|Chase|Drove|"
    r"Heights|Circle|Trail|Highway|Hwy|Parkway|Loop"
)
ADDRESS = re.compile(
    rf"\b(?:[Ff]lat \d{{1,4}}\w?,? )?(?:[Nn]umber |[Nn]o\.? ?)?(?P<number>\d{{1,5}}[A-Za-z]?),? "
    rf"(?P<name>(?:(?:{NAME}|[Tt]he) ){{1,3}}(?:{STREET_EN}))\b(?!['’])",
)
ADDRESS_ES = re.compile(
    r"\b(?:(?i:calle|avenida|avda|plaza|paseo|ronda|camino|carretera|pasaje|callej[oó]n|travesía|"
    r"jirón|carrera|bulevar)\b|(?i:c/|av\.))\.?(?: de| del| la| las| los| el){0,3} ?"
    rf"{NAME}(?: (?:de|del|la|las|los|y|{NAME})){{0,4}},? "
    r"(?:n[º°o.]{1,2} ?|número |#)?\d{1,5}\b"
)
FLAT = re.compile(
    r"\b(?:flat|apartment|apt\.?|room|buzzer|gate code|door code|code for the door is|timbre|"
    r"portal|piso|puerta|lote|departamento|depto\.?|dpto\.?) (?:que dice )?"
    r"#?(?:[A-Z]?\d{1,5}\w?|[A-Z]\w{2,12})\b"
)
NUMBER_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# Where somebody lives, in the words of a person who gives directions.
LIVES = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[A-Z]\w{2,20}|who|and|sister|brother|mother|mum)"
    r"(?:'s| is| now| still| also){0,2} (?:lives?|rents|lodges|staying|stays|resides) "
    rf"(?:[\w'’,-]{{1,14}} ){{0,5}}(?:at|in|on|behind|above|over|opposite|next to|doors from)\b "
    rf"(?:[\w'’]{{1,14}} ){{0,4}}?(?:number {NUMBER_WORD}|No\.? ?\d{{1,4}}|\d{{1,4}}"
    rf"|{NAME} (?:{STREET_EN})|{NUMBER_WORD} doors|the (?:house|flat|lodge|cottage|close|hostel))\b"
)
DOOR = re.compile(
    r"\b(?:number \w{2,8}[,.]? (?:\w{2,10} ){0,3}(?:close|street|road|lane|yard|row)|"
    r"(?:red|blue|green|grey|gray|black|white|yellow|brown) (?:front )?(?:door|gate|shutters)|"
    r"(?:back|front) door(?:'s| is) (?:never |not |always )?(?:locked|open|unlocked)|"
    r"(?:\w{2,8} house|\w{2,8} cottage|two doors|next door|left|right) "
    r"(?:past|after|behind|before|in|from|with) the )\b",
    re.IGNORECASE,
)
HOUSE = re.compile(
    r"[A-Z]\w{1,20} (?:Cottage|House|Lane|Road|Street|Farm|Close)"
    r"|\blives?\b|\bknock\b"
)

PLATE = re.compile(
    r"\b(?:[A-Z]{2}\d{2} ?[A-Z]{3}|\d{4} ?[BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{2}\d{3}[A-Z]{2})\b"
)
# How a telephone number is written where no word says that it is one.
CALLED = re.compile(
    r"(?:\+|00[1-9]|\(\d{2,5}\) ?\d|0\d{2,4}[ /-]?\d{3}|0\d{9,10}$"
    r"|(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}$"
    r"|[67]\d\d[ .-]\d{3}[ .-]\d{3}$|[67]\d\d(?:[ .-]\d\d){3}$|[67]\d{8}$)"
)
FIGURE = re.compile(r"\d")
SENTENCE_END = re.compile(r"[!?\n]|\.\s")
OTHERS = re.compile(
    r"\b(?:he|she|his|hers?|him|he's|she's|el|él|ella|le|lo|la|su)\b", re.IGNORECASE
)
OWN = re.compile(r"\b(?:my|mi|our|i|i'm|i've|yo|we)\b", re.IGNORECASE)


def personal_information(submission: Submission) -> list[Finding]:
    """Look for what would lead a stranger to a private person's door, telephone or records."""
    text = submission.text.original
    seen = [*mails(text), *people(text)]
    figures = len(FIGURE.findall(text))
    if figures:
        seen += addresses(text)
    if may_call(text, figures):
        seen += phones(text, submission)
    if figures >= 5:
        seen += ids(text, figures)
    known = surroundings(submission).casefold() if seen else ""
    return [
        Finding(
            Label.PERSONAL_INFORMATION,
            sight.score,
            (sight.span,),
            "personal_information",
            sight.how,
        )
        for sight in seen
        if sight.score >= 0.3 and text[slice(*sight.span)].casefold().strip(" .,") not in known
    ]


def near(text: str, span: Span, reach: int = 70) -> frozenset[str]:
    """Return the kinds of telling words near a place, as far as its sentence goes."""
    start, end = span
    before = SENTENCE_END.split(text[max(0, start - reach) : start])[-1]
    after = SENTENCE_END.split(text[end : end + reach // 2])[0]
    found = kinds(before) | kinds(after)
    # A door, a mobile or a visit is a private person's unless an office is named beside it.
    return found | {"private"} if "weak" in found and "public" not in found else found


def kinds(text: str) -> frozenset[str]:
    """Return the kinds of telling words in a text."""
    return frozenset(hit.phrase.kind for hit in find("personal", text))


def mails(text: str) -> Iterator[Sight]:
    """Give the e-mail addresses, plain or spelt out, of people rather than offices."""
    if "@" in text:
        for match in MAIL.finditer(text):
            yield Sight(mail_score(match, text), match.span(), "e-mail address")
    lower = text.lower()
    if any(sign in lower for sign in MAIL_SIGNS):
        for match in SPELT_MAIL.finditer(text):
            plain_at = " at " in match.group().lower() and " dot " not in match.group().lower()
            if not plain_at or match[2].lower() in listed("freemail"):
                yield Sight(mail_score(match, text), match.span(), "e-mail address")
        for match in MAIL_IN_WORDS.finditer(text):
            yield Sight(0.85, match.span(), "e-mail address")


def mail_score(match: re.Match[str], text: str) -> float:
    """Return how surely an address is a person's: a free provider, a name before the at."""
    private = "private" in near(text, match.span())
    if OFFICES.fullmatch(match[1]) and not private:
        return 0.0
    if match[2].lower().split(".")[0] in listed("freemail"):
        return 0.95
    if private or re.search(r"[._\d]", match[1]):
        return 0.9
    # A plain word at an association or a public body is as often a box as a person.
    return 0.45 if re.search(r"\.(?:org|gov|gob|edu|ac)\b", match[0].lower()) else 0.6


def people(text: str) -> Iterator[Sight]:
    """Give the places where a person lives and the illnesses told of others, in plain words."""
    told = {hit.phrase.kind: hit.span for hit in find("personal", text)}
    if "private" in told or "weak" in told:
        if (match := LIVES.search(text)) and not OWN.search(match.group()):
            yield Sight(0.7, match.span(), "where somebody lives")
        match = DOOR.search(text)
        if match and HOUSE.search(text) and "private" in near(text, match.span(), 90):
            yield Sight(0.6, match.span(), "where somebody lives")
    if "illness" in told:
        kin = RELATION.search(text)
        if "secret" in told and OTHERS.search(text):
            yield Sight(0.65, told["illness"], "somebody's health")
        elif kin and abs(kin.start() - told["illness"][0]) < 160:
            yield Sight(0.55, told["illness"], "somebody's health")


def addresses(text: str) -> Iterator[Sight]:
    """Give the street addresses, doors and cars."""
    for pattern in (ADDRESS, ADDRESS_ES):
        for match in pattern.finditer(text):
            around = near(text, match.span(), 90)
            if "landmark" in kinds(match.group()):
                continue
            if "private" in around or "public" not in around:
                score = 0.9 if "private" in around else 0.6
                yield Sight(score, match.span(), "postal address")
    for match in FLAT.finditer(text):
        if "private" in near(text, match.span(), 90):
            yield Sight(0.6, match.span(), "door or code")
    for match in PLATE.finditer(text):
        if "car" in kinds(text):
            yield Sight(0.85, match.span(), "number plate")


def phones(text: str, submission: Submission) -> Iterator[Sight]:
    """Give the telephone numbers: in figures, in words, and in both."""
    for parts in runs(text):
        digits = "".join(part.digits for part in parts)
        span = (parts[0].start, parts[-1].end)
        if not FEWEST <= len(digits) <= 15 or digits in listed("lifeline"):
            continue
        if digits in only_digits(surroundings(submission)):
            continue
        around = near(text, span)
        kind = number_kind(digits, international=text[max(0, span[0] - 1) : span[0]] == "+")
        if kind == "public" or ("public" in around and "private" not in around):
            continue
        in_words = sum(part.spelt for part in parts) >= 3
        sign = text[max(0, span[0] - 1) : span[0]].strip()
        written = (sign if sign in {"+", "("} else "") + text[slice(*span)]
        if not in_words and "calling" not in around and not CALLED.match(written):
            continue  # Figures alone say nothing of what they count.
        yield Sight(phone_score(len(digits), kind, around, in_words=in_words), span, "telephone")


def surroundings(submission: Submission) -> str:
    """Return the texts around a comment, all of which its readers know."""
    return "\n".join(context(submission))


@lru_cache(maxsize=64)
def only_digits(text: str) -> str:
    """Return the digits of a text."""
    return re.sub(r"\D", "", text)


def phone_score(length: int, kind: str, around: frozenset[str], *, in_words: bool) -> float:
    """Return how surely the digits are somebody's telephone number."""
    calling, private = "calling" in around, "private" in around
    if in_words:
        return 0.9 if length >= 9 else 0.85 if calling else 0.4
    if kind == "valid" and length >= 9:
        return 0.95 if calling or private else 0.65
    if calling:
        return 0.9 if private or length >= 9 else 0.7
    return 0.6 if kind == "valid" or length >= 10 else 0.2


def number_kind(digits: str, *, international: bool) -> str:
    """Return `valid`, `public` (free or service numbers) or `none`: the first region to know it."""
    import phonenumbers  # noqa: PLC0415  Slow to import, and few comments hold a number.

    kinds = phonenumbers.PhoneNumberType
    public = (kinds.TOLL_FREE, kinds.SHARED_COST, kinds.PREMIUM_RATE, kinds.UAN)
    for region in (None,) if international else REGIONS:
        try:
            number = phonenumbers.parse(f"+{digits}" if international else digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.number_type(number) in public:
            return "public"
        if phonenumbers.is_valid_number(number):
            return "valid"
    return "none"
