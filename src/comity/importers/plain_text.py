"""A news page saved as plain text: no markup, so every line must tell by itself what it is."""

import re
from collections.abc import Sequence

from comity.errors import BadInput
from comity.importers.captions import alike, merge, newest_date, split_credit
from comity.importers.furniture import is_furniture, opens_comments, opens_related
from comity.importers.parts import (
    MONTH,
    Article,
    Photograph,
    date_in,
    find_date,
    is_sentence,
    tidy,
    without_repeats,
)

OPENING_LINES = 12  # headline, deck, byline and date stand among the first lines or nowhere

AGENCY = r"(?:\s*\((?P<agency>[^()]{2,40})\))?"
DATELINE = re.compile(
    rf"(?P<place>[^—–―()“”\"!?]{{2,60}}?){AGENCY}(?P<dot>\.)?\s*"
    r"(?:[—–―]|--|(?<=[\s.])-(?=[\s“\"¿¡\w]))\s*(?=[“\"'‘«¿¡\w])"
)
DAY_OF_DATELINE = re.compile(
    rf",?\s(?:\d{{1,2}}\s(?:de\s)?(?:{MONTH})\.?|(?:{MONTH})\.?\s\d{{1,2}})(?:,?\s(?:de\s)?\d{{4}})?$",
    re.IGNORECASE,
)
SHOUTS = {"BREAKING", "UPDATE", "UPDATED", "WATCH", "EXCLUSIVE", "VIDEO", "OPINION", "ANALYSIS"}
BYLINE = re.compile(r"(?i:written by|by|por|texto de|texto:)\s+(?P<names>[^\W\d_a-zß-ÿ].{2,120})")
NOT_NAMES = re.compile(rf"\b(?:\w+day|(?:{MONTH})|lunes|martes|jueves|viernes)\b", re.IGNORECASE)
SMALL_WORDS = {
    "and",
    "y",
    "e",
    "&",
    "de",
    "del",
    "la",
    "las",
    "los",
    "van",
    "von",
    "der",
    "den",
    "da",
}
ABOUT_DATES = re.compile(
    r"\b(?:published|posted|updated|last|modified|first|created|publicado|actualizado|actualización|el|on|at|a|las|"
    r"p\.?\s?m\.?|a\.?\s?m\.?|h|hrs?|horas|noon|[ecmp][sd]?t|gmt|utc|bst|cest?|\w+day|mon|tue|wed|thu|fri|sat|sun|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
UPDATED = re.compile(r"\b(?:updated|modified|actualizad\w|actualización)\b", re.IGNORECASE)
PUBLISHED = re.compile(r"\b(?:published|posted|publicad\w)\b", re.IGNORECASE)
MASTHEAD = re.compile(
    r"\b(?:times|post|courier|herald|gazette|news|tribune|chronicle|star|journal|observer|echo|mail|"
    r"daily|weekly|diario|periódico|país|mundo|noticias|gaceta)\b",
    re.IGNORECASE,
)
CRUMBS = re.compile(r"\s*[>›»]\s*")
SECTIONS = {
    *(
        "news",
        "local",
        "local news",
        "politics",
        "world",
        "us",
        "u.s.",
        "uk",
        "business",
        "opinion",
    ),
    *(
        "sport",
        "sports",
        "culture",
        "arts",
        "health",
        "science",
        "education",
        "environment",
        "crime",
    ),
    *("technology", "travel", "lifestyle", "region", "nation", "weather", "noticias", "política"),
    *(
        "mundo",
        "economía",
        "deportes",
        "cultura",
        "opinión",
        "sociedad",
        "sucesos",
        "salud",
        "ciencia",
    ),
    *("internacional", "nacional", "españa", "méxico", "educación", "tecnología"),
}


def from_text(text: str, headline: str | None = None) -> Article:
    """Read a page saved as plain text.

    A page without a headline is headed by its summary line. `headline` overrides, and the summary
    line is then the deck.

    Raises:
        BadInput: nothing in the text reads like the body of an article, or nothing heads it.
    """
    lines = before_comments(unwrap([tidy(line) for line in text.splitlines()]))
    photographs, rest = take_captions(lines)
    rest = without_furniture(rest)
    opening, body = divide(rest)
    dateline, paragraphs = finish(body, photographs)
    if not paragraphs:
        raise BadInput(
            "No body was found: this does not read like an article.",
            field="source",
            remedy="Save the whole page as text, with a blank line between paragraphs.",
        )
    title, deck = name(titles(opening), headline)
    return Article(
        headline=title,
        deck=deck,
        byline=byline(opening),
        dateline=dateline,
        published_at=told_date(rest) or dateline_date(body) or newest_date(photographs),
        body=paragraphs,
        photographs=photographs,
        section=section(opening),
    )


def unwrap(lines: Sequence[str]) -> list[str]:
    """Join the lines of paragraphs that a mail program or an editor has broken at a fixed width.

    A line was broken where the next word would no longer have fitted; blank lines are kept.
    """
    width = max(map(len, lines), default=0)
    if not 45 <= width <= 100:
        return list(lines)
    joined: list[str] = []
    previous = ""
    for line in lines:
        first_word = line.partition(" ")[0]
        if previous and line and len(previous) + 1 + len(first_word) > 0.92 * width:
            joined[-1] += " " + line
        else:
            joined.append(line)
        previous = "" if split_credit(joined[-1]) else line
    return joined


def before_comments(lines: Sequence[str]) -> list[str]:
    """Cut the page where the readers' comments begin; a link to them above the story is no cut."""
    sentences = 0
    for index, line in enumerate(lines):
        if sentences >= 2 and opens_comments(line):
            return list(lines[:index])
        if split_dateline(line):
            sentences += 2
        elif len(line) >= 80 and is_sentence(line):
            sentences += 1
    return list(lines)


def take_captions(lines: Sequence[str]) -> tuple[list[Photograph], list[str]]:
    """Take the captions out; a credit alone on its line belongs to the line right above it."""
    photographs: list[Photograph] = []
    rest: list[str] = []
    has_blocks = "" in lines
    for line in lines:
        parts = split_credit(line)
        if parts is None:
            rest.append(line)
            continue
        caption, credit = parts
        if not caption and has_blocks and rest and 0 < len(rest[-1]) <= 250:
            caption = rest.pop()
        photographs.append(Photograph(caption=caption, credit=credit))
    return merge(photographs), rest


def without_furniture(lines: Sequence[str]) -> list[str]:
    """Drop blank lines, what belongs to the page, and lists of other stories."""
    kept: list[str] = []
    in_related = False
    for line in lines:
        if opens_related(line):
            in_related = True
        elif line and not (in_related and not is_sentence(line) and len(line) <= 140):
            in_related = False
            if not is_furniture(line):
                kept.append(line)
    return kept


def divide(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Divide what heads the story from its body.

    The body begins at the dateline; where there is none, after byline and date; else in line two.
    """
    first = lines[:OPENING_LINES]
    for index, line in enumerate(first):
        if split_dateline(line):
            return list(lines[:index]), list(lines[index:])
    marks = [index for index, line in enumerate(first) if is_mark(line)]
    start = max(marks, default=-1) + 1
    if not titles(first[:start]):
        start = next((i for i in range(start, len(first)) if not is_mark(first[i])), start) + 1
    return list(lines[:start]), list(lines[start:])


def is_mark(line: str) -> bool:
    """Say whether a line is a byline, a date or a section: something that stands above the body."""
    return bool(names(line)) or is_date(line) or bool(section([line]))


def finish(lines: Sequence[str], photographs: Sequence[Photograph] = ()) -> tuple[str, list[str]]:
    """Return the dateline and the paragraphs of a body, without dates, repeats and loose ends."""
    captions = [photograph.caption for photograph in photographs]
    body = [line for line in lines if not is_date(line)]
    body = [line for line in body if not any(alike(line, caption) for caption in captions)]
    while body and is_loose(body[-1]):
        body.pop()
    while body and is_loose(body[0]):
        body.pop(0)
    dateline = ""
    for index, line in enumerate(body[:3]):
        if parts := split_dateline(line):
            dateline, body[index] = parts
            break
    return dateline, without_repeats(body)


def is_loose(line: str) -> bool:
    """Say whether a line at an end of a body is no part of it; between paragraphs it heads some."""
    return len(line) < 60 and not is_sentence(line)


def split_dateline(line: str) -> tuple[str, str] | None:
    """Split "SAN FRANCISCO (AP) — The president…" into place and text; None where there is none."""
    match = DATELINE.match(line) if len(line) >= 60 and is_sentence(line) else None
    if match is None:
        return None
    place = match["place"].strip(" ,") + (match["dot"] or "")
    bare = DAY_OF_DATELINE.sub("", place.rstrip(".")).strip(" ,")
    city, comma, _ = bare.partition(",")
    text = line[match.end() :]
    if city.isupper() and len(city) > 1:
        is_dateline = city not in SHOUTS
    else:
        marked = match["agency"] or match["dot"] or bare != place
        is_dateline = bool(marked) and is_title(bare) and not text[0].islower()
    if not is_dateline:
        return None
    # "MADRID." has its stop from the dateline's form, "SACRAMENTO, Calif." from the short name.
    return (bare + "." if comma and place == bare + "." else bare.rstrip(".")), text


def dateline_date(body: Sequence[str]) -> str | None:
    """Return the date within the dateline, as in "LONDON, Nov 17, 2023 (Reuters) - "."""
    lines = [(line, parts[1]) for line in body[:3] if (parts := split_dateline(line))]
    return next((date_in(line.removesuffix(text)) for line, text in lines), None)


def is_title(text: str) -> bool:
    """Say whether a few words are all capitalised, as names are."""
    words = text.replace(",", " ").split()
    return 0 < len(words) <= 6 and all(w[0].isupper() or w in SMALL_WORDS for w in words)


def names(line: str) -> str:
    """Return whom a byline names, or an empty text where the line is none."""
    match = BYLINE.fullmatch(line)
    if not match:
        return ""
    who = re.split(r"\s+[|•·–—-]\s+", match["names"])[0].strip(" ,")
    first = re.split(r",| and | y | & ", who)[0]
    return who if is_title(first) and not NOT_NAMES.search(first) else ""


def byline(opening: Sequence[str]) -> str:
    """Return the first byline's names."""
    return next(filter(None, map(names, opening)), "")


def is_date(line: str) -> bool:
    """Say whether a line tells only when the story was published or updated."""
    match = find_date(line) if len(line) <= 120 else None
    if match is None:
        return False
    rest = ABOUT_DATES.sub("", line[: match.start()] + line[match.end() :])
    if again := find_date(rest):
        rest = rest[: again.start()] + rest[again.end() :]
    return sum(letter.isalpha() for letter in rest) <= 6


def told_date(lines: Sequence[str]) -> str | None:
    """Return the date the page tells, the one of publication before the one of an update."""
    told = [line for line in lines if is_date(line)]
    told += [line for line in lines[:OPENING_LINES] if names(line) and find_date(line)]
    told.sort(key=lambda line: bool(UPDATED.search(line)) and not PUBLISHED.search(line))
    return date_in(told[0]) if told else None


def section(opening: Sequence[str]) -> str:
    """Return the section that a line of its own, or the last step of a trail of links, names."""
    for line in opening:
        steps = [step for step in CRUMBS.split(line) if step]
        if len(steps) > 1 and len(line) <= 80:
            return steps[-1]
        if line.casefold() in SECTIONS:
            return line.title() if line.isupper() and len(line) > 4 else line
    return ""


def titles(opening: Sequence[str]) -> list[str]:
    """Return the lines that may be headline and deck; the paper's name above them is neither."""
    lines = list(dict.fromkeys(line for line in opening if not is_mark(line)))
    if len(lines) > 1:
        is_paper = len(lines[0].split()) <= 4 and (len(lines) > 2 or MASTHEAD.search(lines[0]))
        is_tab_title = len(lines[1]) > 20 and lines[0].startswith(lines[1])
        if is_tab_title or (is_paper and not is_sentence(lines[1])):
            return lines[1:]
    return lines


def name(lines: Sequence[str], headline: str | None) -> tuple[str, str]:
    """Return headline and deck."""
    deck = lines[1] if len(lines) > 1 else ""
    given = tidy(headline or "")
    if not lines and not given:
        raise BadInput(
            "The page has neither a headline nor a summary line.",
            field="headline",
            remedy="Give one with --headline.",
        )
    if not given:
        return lines[0], deck
    is_summary = len(lines) == 1 and (is_sentence(lines[0]) or len(lines[0]) > 100)
    return given, lines[0] if is_summary else deck
