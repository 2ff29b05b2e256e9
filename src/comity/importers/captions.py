"""A caption is known by its credit; captions that tell of one photograph become one."""

import re
from collections.abc import Iterable
from itertools import islice

import msgspec

from comity.importers.parts import Photograph, date_in, find_date

# A credit stands at a caption's end and is short; looking at no more keeps every search quick.
TAIL = 160

AGENCIES = (
    "AP|AFP|EFE|EPA|PA|PA Wire|PA Media|ANSA|DPA|TASS|NTB|TT|Reuters|REUTERS|Getty(?: Images)?"
    "|Xinhua|Zuma|Bloomberg|Shutterstock|Alamy|iStock|Europa Press|Magnum|Associated Press"
    "|Agence France-Presse"
)
# A word with a capital letter: what uses it must not ignore case.
NAME = r"[^\W\d_a-zß-ÿ](?:\.|[\w'’-]+)?"
PERSON = rf"{NAME}(?: (?:de |del |van |von |la |le )?{NAME}){{1,3}}"
LABEL = (
    "(?i:(?:AP |AFP |staff |file |pool )?(?:photo(?:s|graph|graphs|graphy)?|picture|image"
    "|foto(?:s|grafía|grafía de archivo)?|imagen))"
)
GIVEN = "(?i:courtesy|cortesía|handout|credits?|créditos?)"
WHO = rf"(?:[©@]|(?:the |la |el )?{NAME})"
IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]][.\s]*$")
BRACKETED_CREDIT = re.compile(
    rf"(?:{LABEL}(?: ?/|\s?:|\s(?i:by|courtesy|via|from|de|por|cortesía)\b).*"
    rf"|{GIVEN}(?: of| de)?:? {WHO}.*|{PERSON} ?/ ?{NAME}.*|(?:{AGENCIES}) ?/ ?{PERSON}.*"
    rf"|.*(?:/|\b(?i:via|vía)) ?(?:{AGENCIES})\b.*)"
)
LABELLED_CREDIT = re.compile(
    rf"(?:(?:^|[.!?)\]”\"’»|•·–—-]\s*)(?:{LABEL}|{GIVEN})(?:\s+{GIVEN})?"
    rf"(?:\s*:\s*(?i:by\s+)?|\s+(?i:by|courtesy of|cortesía de)\s+)(?=(?:(?i:via|handout) )?{WHO})"
    rf"|\s(?:Photo(?:graph)?|Picture|Foto(?:grafía)?|Credit|Crédito):\s*(?={PERSON}))"
    r"(?P<credit>\S+(?:\s\S+){0,11})$"
)
# A bare agency also signs whole articles; so it makes a caption only of a short line.
BARE_AGENCY = re.compile(
    rf"(?:^|(?<=[.!?)\]”\"’»])\s+|\s[|•·–—-]\s|(?=\({PERSON}\s?/)|(?=\((?:{AGENCIES})\)))"
    rf"\(?(?P<credit>(?:{PERSON}\s?/\s?)?(?:{AGENCIES})(?:\s?/\s?{PERSON})?"
    r"(?:,? (?i:file|archivo))?)\)?$"
)
SIGNED = re.compile(rf"(?:^|(?<=[.!?…”\"’»])\s)(?P<credit>{PERSON} \((?:{AGENCIES})\))[.\s]*$")
SOURCE_AFTER_SLASH = re.compile(rf"(?P<credit>{PERSON}\s?/\s?(?:{AGENCIES}))$")
LONGEST_WITH_BARE_AGENCY = 250
MOST_PHOTOGRAPHS = 200  # each is compared with each; more is a gallery and no story
MERE_LABEL = re.compile(
    r"^(?:photo(?:graph)?s?|picture|image|fotos?|fotografía|imagen)"
    r"(?:\s?:| by| de| por)\s+",
    re.IGNORECASE,
)
RIGHTS = re.compile(r"^(?:©|\(c\)|copyright)\s*(?:(?:19|20)\d\d,?\s*)?", re.IGNORECASE)
PLACE = re.compile(rf"\b(?:in|at|en|near|outside)\s+({NAME}(?:,? (?:de |del |la |el )?{NAME})*)")
WORD = re.compile(r"\w+")


def split_credit(line: str) -> tuple[str, str] | None:
    """Split a caption from its credit; None where a line carries no credit and so is no caption."""
    head, tail = line[:-TAIL], line[-TAIL:]
    brackets = IN_BRACKETS.search(tail)
    if brackets and BRACKETED_CREDIT.fullmatch(brackets[1].strip()):
        caption, credit = tail[: brackets.start()], brackets[1].strip()
    elif labelled := LABELLED_CREDIT.search(tail):
        # The mark before the label may close the caption's last sentence, and then it stays.
        opening = tail[labelled.start()] if labelled.start("credit") else ""
        caption = tail[: labelled.start()] + (opening if opening in '.!?)]”"’»' else "")
        credit = labelled["credit"]
    elif len(line) <= LONGEST_WITH_BARE_AGENCY and (
        agency := SIGNED.search(tail) or BARE_AGENCY.search(tail) or SOURCE_AFTER_SLASH.search(tail)
    ):
        caption, credit = tail[: agency.start()], agency["credit"]
    else:
        return None
    credit = RIGHTS.sub("", re.sub(MERE_LABEL, "", credit, count=1))
    return (head + caption).strip(" |•·–—-"), credit.strip(" .[]" if "(" in credit else " .()[]")


def caption_date(photograph: Photograph) -> str | None:
    """Return the day a caption tells, unless it says that the picture is from the archive."""
    archive = re.match(r"(?:file|archivo)\b", photograph.caption, re.IGNORECASE) or re.search(
        r"\b(?:file|archivo)\b", photograph.credit, re.IGNORECASE
    )
    return None if archive else date_in(photograph.caption)


def newest_date(photographs: Iterable[Photograph]) -> str | None:
    """Return the newest day in the captions: a story is seldom older than its pictures."""
    return max(filter(None, map(caption_date, photographs)), default=None)


def merge(photographs: Iterable[Photograph]) -> list[Photograph]:
    """Make one of those that are the same photograph; the first caption stays, gaps are filled."""
    kept: list[Photograph] = []
    for photograph in islice(photographs, MOST_PHOTOGRAPHS):
        for index, earlier in enumerate(kept):
            if is_same(earlier, photograph):
                kept[index] = msgspec.structs.replace(
                    earlier,
                    caption=earlier.caption or photograph.caption,
                    credit=earlier.credit or photograph.credit,
                    url=earlier.url or photograph.url,
                )
                break
        else:
            kept.append(photograph)
    return kept


def is_same(one: Photograph, other: Photograph) -> bool:
    """Say whether two are one photograph.

    One address is one photograph. Otherwise credit, date and place agree, and so do the words in
    any order: a caption with the names swapped is the same, another scene of that day is not.
    """
    if one.url and other.url and bare(one.url) == bare(other.url):
        return True
    if not one.caption or not other.caption:
        return False
    if one.credit and other.credit and words(one.credit) != words(other.credit):
        return False
    if date_in(one.caption) != date_in(other.caption):
        return False
    if place(one.caption) != place(other.caption):
        return False
    return alike(one.caption, other.caption)


def bare(url: str) -> str:
    """Return an address without scheme, query and the size that thumbnails carry in their name."""
    path = re.sub(r"[?#].*", "", url).partition("://")[2]
    return re.sub(r"[-_]\d{2,4}x\d{2,4}(?=\.\w{3,4}$)", "", path)


def place(caption: str) -> str:
    """Return the place a caption names last, or an empty text."""
    found = PLACE.findall(without_date(caption))
    return found[-1].rstrip(".").casefold() if found else ""


def without_date(caption: str) -> str:
    """Return a caption without its date."""
    match = find_date(caption)
    return caption[: match.start()] + caption[match.end() :] if match else caption


def alike(one: str, other: str) -> bool:
    """Say whether two captions share seven words in ten, date aside; their order is no matter."""
    mine, yours = words(without_date(one)), words(without_date(other))
    return 10 * len(mine & yours) >= 7 * len(mine | yours)


def words(text: str) -> frozenset[str]:
    """Return the set of a text's words."""
    return frozenset(WORD.findall(text.casefold()))
