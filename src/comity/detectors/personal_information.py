"""Telephones, addresses, e-mails and numbers of private people, also spelt out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers

from comity.detectors.story_words import Phrase, context, find, phrases_of, words
from comity.findings import Finding, Label, Submission
from comity.text import Span

# Where English and Spanish are written; the first region in which a number is possible counts.
REGIONS = ("GB", "US", "ES", "MX", "AR", "IE", "AU", "CO", "CL", "PE", "DO", "UY", "NZ", "VE", "EC")
PUBLIC_KINDS = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.UAN,
    }
)

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

CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
DNI = re.compile(r"\b([XYZ]?)[ -]?(\d{7,8}|\d{2}\.\d{3}\.\d{3})[ -]?([A-HJ-NP-TV-Z])\b")
SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}\b")
INSURANCE = re.compile(
    r"\b(?![DFIQUV])[A-CEGHJ-PR-TW-Z](?![DFIQUVO])[A-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b"
)
NAMED_ID = re.compile(
    r"\b(?:DNI|NIE|NIF|CURP|RFC|RUT|CUIL|CUIT|c[ée]dula|passport|pasaporte|SSN|NHS|account|"
    r"acct|sort code|visa|licen[cs]e|matr[íi]cula|plate|placa|patente|"
    r"reg(?:istration)?|PIN|IBAN|CBU|CLABE)\b"
    r"(?:[\w',:.-]{0,12} ){0,5}?(?P<id>#?[A-Z]{0,4}[ -]?\d[\d .-]{3,24}[A-Z]{0,3}(?:-\w{2,4})?)",
    re.IGNORECASE,
)
PLATE = re.compile(
    r"\b(?:[A-Z]{2}\d{2} ?[A-Z]{3}|\d{4} ?[BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{2}\d{3}[A-Z]{2})\b"
)
# Dates, prices, scores and years are not telephone numbers.
NOT_PHONE = re.compile(
    r"[£$€%]|^\d{1,3}(?:[,.]\d{3}){1,4}$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$"
    r"|^\d{4}\s?[-–/]\s?\d{2,4}$|^\d+[.,]\d+$"
)
NUMERALS = ("digit", "times", "joint")
FIGURE = re.compile(r"\d")
SENTENCE_END = re.compile(r"[!?\n]|\.\s")
OTHERS = re.compile(
    r"\b(?:he|she|his|hers?|him|he's|she's|el|él|ella|le|lo|la|su)\b", re.IGNORECASE
)
OWN = re.compile(r"\b(?:my|mi|our|i|i'm|i've|yo|we)\b", re.IGNORECASE)
BIRTH = re.compile(
    r"\b(?:born|date of birth|dob|naci[oó]|nacid[oa])\b[^.!?\n]{0,20}?\b\d{1,2}"
    r"(?:[/.-]\d{1,2}[/.-]|(?:st|nd|rd|th)? (?:de )?[A-Za-z]{3,10} (?:de )?)\d{2,4}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that was seen: how sure, where, and what it is."""

    score: float
    span: Span
    how: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a number: its digits, its place, and whether it is written in letters."""

    digits: str
    start: int
    end: int
    spelt: bool


def personal_information(submission: Submission) -> list[Finding]:
    """Look for what would lead a stranger to a private person's door, telephone or records."""
    text = submission.text.original
    known = "\n".join(context(submission)).casefold()
    seen = [*mails(text), *people(text)]
    figures = len(FIGURE.findall(text))
    if figures:
        seen += addresses(text)
    if figures >= 6 or spelt(text):
        seen += phones(text, known)
    if figures >= 5:
        seen += ids(text, figures)
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
            if "private" in around or "public" not in around:
                score = 0.9 if "private" in around else 0.6
                yield Sight(score, match.span(), "postal address")
    for match in FLAT.finditer(text):
        if "private" in near(text, match.span(), 90):
            yield Sight(0.6, match.span(), "door or code")
    for match in PLATE.finditer(text):
        if "car" in kinds(text):
            yield Sight(0.85, match.span(), "number plate")


@lru_cache(maxsize=8)
def listed(*kinds: str) -> dict[str, Phrase]:
    """Return the words of the list that are of these kinds."""
    return {phrase.words[0]: phrase for phrase in phrases_of("personal") if phrase.kind in kinds}


def spelt(text: str) -> bool:
    """Say whether the text may hold a number in words."""
    return sum(word.plain in listed(*NUMERALS) for word in words(text)) >= 3


def phones(text: str, known: str) -> Iterator[Sight]:
    """Give the telephone numbers: in figures, in words, and in both."""
    digits_known = only_digits(known)
    for parts in runs(text):
        digits = "".join(part.digits for part in parts)
        span = (parts[0].start, parts[-1].end)
        if not 6 <= len(digits) <= 15 or digits in digits_known or digits in listed("lifeline"):
            continue
        around = near(text, span)
        kind = number_kind(digits, international=text[max(0, span[0] - 1) : span[0]] == "+")
        if kind == "public" or ("public" in around and "private" not in around):
            continue
        in_words = sum(part.spelt for part in parts) >= 3
        yield Sight(phone_score(len(digits), kind, around, in_words=in_words), span, "telephone")


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
        return 0.95 if calling or private else 0.8
    if calling:
        return 0.9 if private or length >= 9 else 0.7
    return 0.6 if kind == "valid" or length >= 10 else 0.2


def number_kind(digits: str, *, international: bool) -> str:
    """Return `valid`, `public` (free or service numbers) or `none`: the first region to know it."""
    for region in (None,) if international else REGIONS:
        try:
            number = phonenumbers.parse(f"+{digits}" if international else digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.number_type(number) in PUBLIC_KINDS:
            return "public"
        if phonenumbers.is_valid_number(number):
            return "valid"
    return "none"


def runs(text: str) -> Iterator[list[Part]]:
    """Give the runs of digits that belong together and have no other plain meaning."""
    current: list[Part] = []
    times = 1
    for word in words(text):
        numeral = listed(*NUMERALS).get(word.plain)
        kind = numeral.kind if numeral else ""
        weight = int(numeral.weight) if numeral else 1
        gap = text[current[-1].end : word.start] if current else ""
        digits = word.plain if word.plain.isdecimal() and word.plain.isascii() else ""
        if kind == "times":
            times = weight
        elif kind == "joint" and current and len(gap) <= 3 and (weight > 1 or current[-1].spelt):
            current[-1] = replace(current[-1], end=word.end)
        elif digits or kind == "digit":
            part = Part((digits or str(weight)) * times, word.start, word.end, not digits)
            if current and (len(gap) > (3 if times == 1 else 14) or set("£$€:;!?") & set(gap)):
                yield from meant([*current], text)
                current = []
            current.append(part)
            times = 1
        else:
            yield from meant(current, text)
            current, times = [], 1
    yield from meant(current, text)


def meant(parts: list[Part], text: str) -> Iterator[list[Part]]:
    """Give a run of digits unless it is short, a sum, a date, a row of years or part of a link."""
    if sum(len(part.digits) for part in parts) < 6:
        return
    quote = text[parts[0].start : parts[-1].end]
    before = text[max(0, parts[0].start - 2) : parts[0].start].strip()[-1:]
    years = all(part.digits[:2] in {"18", "19", "20"} and len(part.digits) == 4 for part in parts)
    if before not in {"£", "$", "€", "/", "=", "#"} and not years and not NOT_PHONE.search(quote):
        yield parts


def ids(text: str, figures: int) -> Iterator[Sight]:
    """Give the numbers of cards, accounts and identity papers."""
    if figures >= 12:
        for match in CARD.finditer(text):
            if luhn(re.sub(r"\D", "", match.group())):
                yield Sight(0.95, match.span(), "card number")
        for match in IBAN.finditer(text):
            if iban(match.group()):
                yield Sight(0.97, match.span(), "account number")
    for match in DNI.finditer(text):
        if dni(match[1], match[2], match[3]):
            yield Sight(0.95, match.span(), "identity number")
    for pattern in (SSN, INSURANCE):
        for match in pattern.finditer(text):
            yield Sight(0.8, match.span(), "identity number")
    for match in BIRTH.finditer(text):
        yield Sight(0.8, match.span(), "date of birth")
    for match in NAMED_ID.finditer(text):
        if sum(char.isdigit() for char in match["id"]) >= 5:
            yield Sight(0.85, match.span("id"), "number of a paper or account")


def luhn(digits: str) -> bool:
    """Say whether the check digit of a card number is right (ISO/IEC 7812)."""
    if len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1])]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def iban(text: str) -> bool:
    """Say whether the check digits of an account number are right (ISO 13616)."""
    code = text.replace(" ", "")
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def dni(first: str, digits: str, letter: str) -> bool:
    """Say whether the letter of a Spanish identity number is right."""
    number = int({"": "", "X": "0", "Y": "1", "Z": "2"}[first] + digits.replace(".", ""))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == letter
