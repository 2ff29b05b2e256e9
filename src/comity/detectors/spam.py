"""Advertising, bait, begging for followers, links thrown in, and the same words over and over."""

import re
from dataclasses import dataclass

from comity.detectors.disguises import told
from comity.detectors.story_quotes import borrowed
from comity.detectors.story_words import Hit, Phrase, context, find, words
from comity.findings import Finding, Label, Submission
from comity.text import Span, Text, mixed

# Endings of addresses that are cheap to register and seldom belong to a source.
CHEAP = (
    "shop|store|sale|deals?|biz|click|link|top|xyz|vip|win|icu|buzz|live|online|site|website|club|"
    "fun|loan|bet|casino|promo|tk|ml|ga|cf|gq|pw|cc|wed|info|ly|gg|app|io|me"
)
PLAIN = "com|net|org|co|uk|us|es|mx|ar|cl|pe|ve|uy|ie|au|ca|nz|eu|tv|edu|gov|int|news|blog|dev|ru"

# An address as people write it; the path is bounded and never looked back into.
ADDRESS = re.compile(
    r"(?<![\w@.])(?:(?P<scheme>https?://|www\.)(?P<host>[\w-]{1,60}(?:\.[\w-]{1,60}){0,4})"
    rf"|(?P<bare>[a-z0-9-]{{2,60}}(?:\.[a-z0-9-]{{2,60}}){{0,3}}\.(?:{CHEAP}|{PLAIN})))"
    r"(?![\w@])(?:[/?#][^\s<>\"]{0,300})?",
    re.IGNORECASE,
)
# What every address has: a dot inside, or a scheme.
DOTTED = re.compile(r"\.[\w-]|://")
# The same with the dot spelt out, as it is written to slip past a filter.
SPELT = re.compile(
    rf"(?<![\w@.])[a-z0-9][a-z0-9-]{{2,40}} ?[(\[]?(?: dot | punto |\(dot\)|\[dot\]|\(\.\))[)\]]? ?"
    rf"(?:{CHEAP}|com|net|org)(?!\w)",
    re.IGNORECASE,
)
SHORTENERS = re.compile(
    r"(?:bit\.ly|goo\.gl|tinyurl\.com|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|"
    r"rb\.gy|t\.ly|t\.me|wa\.me|adf\.ly|bl\.ink|linktr\.ee|s\.id|v\.gd|soo\.gd|tiny\.cc)"
)
# Where readers find sources: encyclopedias, public bodies, archives, the large papers.
SOURCES = re.compile(
    r"(?:^|\.)(?:wikipedia|wikimedia|archive|youtube|youtu|bbc|reuters|apnews|theguardian|nytimes|"
    r"washingtonpost|cnn|npr|elpais|elmundo|lanacion|clarin|eluniversal|github|doi|arxiv|nature|"
    r"parliament|europa|who|un)\.\w|\.(?:gov|gob|edu|ac|nhs|police|mil|int|parliament)(?:\.\w\w)?$",
    re.IGNORECASE,
)
ARTICLE = re.compile(
    r"/(?:19|20)\d\d/|(?:\w{2,30}[-_]){3}|\.(?:html?|pdf|aspx?|php)\b|watch\?", re.IGNORECASE
)
HANDLE = re.compile(r"(?<![\w@.])@[\w.]{3,40}")
# Signs that are a form and not a phrase: a voucher, a short number to text, a price, an order.
# Each names the characters without one of which it cannot be there.
FIGURES = "0123456789"
FORMS = (
    (
        "way", 0.65, "", re.compile(
            r"\b(?:(?i:code|coupon|quote|c[oó]digo|cup[oó]n)|say|use|usa)\b(?: (?:is|it's|es))?"
            r" ?[\"'«‘“]?[A-Z][A-Z0-9-]{3,15}\b"
        ),
    ),
    (
        "way", 0.6, FIGURES,
        re.compile(r"\b(?i:te?xt|send|reply|env[ií]a)\b[^.!?\n]{0,30}? \d{4,6}\b"),
    ),
    (
        "way", 0.5, "'\"‘«“",
        re.compile(r"\b(?i:pm|dm|message|text|write|whatsapp|inbox) (?:\w{1,8} )?['\"‘«“]\w"),
    ),
    ("way", 0.5, FIGURES, re.compile(r"\b(?i:call|ring|claim)\b[^.!?\n]{0,30}? ?\b0[89]\d{8,9}\b")),
    ("offer", 0.4, "FG", re.compile(r"\bFREE\b|\bGRATIS\b")),
    (
        "offer", 0.35, "£$€", re.compile(
            r"\b(?i:was|from|only|just|for|now|por|desde|s[oó]lo) [£$€] ?\d|\d ?€ ?(?:al|por) "
        ),
    ),
    ("price", 0.2, "£$€U", re.compile(r"[£$€] ?\d|\d ?[€£]|\bUSD\b")),
    (
        "call", 0.3, "", re.compile(
            r"(?:^|[.!?:;–]\s{1,3}|\n)"
            r"(?i:get|buy|order|shop|book|text|txt|download|join|search|grab|"
            r"claim|sell|earn|win|click|subscribe|compra|pide|gana|descarga|aprovecha|llama|reserva)"
            r" \w"
        ),
    ),
)  # fmt: skip
FRAME = 0.93


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in the text: its host, where it stands, and how much it speaks of spam."""

    host: str
    span: Span
    weight: float


def spam(submission: Submission) -> list[Finding]:
    """Look for advertising, bait and link drops."""
    text = submission.text.original
    addresses = find_addresses(submission)
    hits = [*phrases(submission.text), *forms(text)]
    told_there = borrowed(submission.text, submission.story, {hit.span for hit in hits})
    frame, spans = weigh([hit for hit in hits if hit.span not in told_there], addresses, text)
    drop = link_drop(text, addresses)
    again = repeated(submission, addresses)

    score, how = max((frame, "advertising phrases"), (drop, "link"), (again, "repeats"))
    if score < 0.3:
        return []
    if how == "link":
        spans = tuple(address.span for address in addresses)
    elif how == "repeats":
        spans = ()
    how = told(submission.text, spans, how)
    return [Finding(Label.SPAM, round(score, 3), spans, "spam", how)]


def phrases(text: Text) -> tuple[Hit, ...]:
    """Return the phrases of advertising, those too that letters of another script hide."""
    if not mixed(text):
        return find("spam", text.original)
    return tuple(Hit(hit.phrase, text.span(*hit.span)) for hit in find("spam", text.folded))


def find_addresses(submission: Submission) -> list[Address]:
    """Return the web addresses in the text, without those that the story or the thread names."""
    text = submission.text.original
    found = []
    if "." in text and DOTTED.search(text):
        for match in ADDRESS.finditer(text):
            host = (match["host"] or match["bare"]).lower().removeprefix("www.")
            found.append(Address(host, match.span(), suspicion(host, match.group())))
    lower = text.lower()
    if "dot" in lower or "punto" in lower or "(.)" in lower:
        found += [Address("", match.span(), 0.75) for match in SPELT.finditer(text)]
    if not found:
        return found
    around = "\n".join(context(submission)).lower()
    return [address for address in found if not address.host or address.host not in around]


def suspicion(host: str, address: str) -> float:
    """Return how much an address alone speaks of spam, by its ending and its kind."""
    if SOURCES.search(host):
        return 0.0
    if SHORTENERS.fullmatch(host):
        return 0.8
    ending = host.rsplit(".", 1)[-1]
    if re.fullmatch(CHEAP, ending):
        return 0.7
    # The address of an article or a document: dated, or its title spelt with hyphens.
    if ending in {"org", "edu", "gov"} or ARTICLE.search(address):
        return 0.1
    return 0.4


def forms(text: str) -> list[Hit]:
    """Return the signs of advertising that are a form and not a phrase."""
    there = set(text)
    return [
        Hit(Phrase(kind, weight, ()), match.span())
        for kind, weight, needed, pattern in FORMS
        if (not needed or not there.isdisjoint(needed)) and (match := pattern.search(text))
    ]


def weigh(hits: list[Hit], addresses: list[Address], text: str) -> tuple[float, tuple[Span, ...]]:
    """Combine the kinds of signs: several together are an advertisement, one alone is talk."""
    best: dict[str, list[float]] = {}
    for hit in hits:
        best.setdefault(hit.phrase.kind, []).append(hit.phrase.weight)
    if addresses:
        best.setdefault("way", []).append(max(address.weight for address in addresses))
    if {"way", "beg", "bait"} & best.keys() and HANDLE.search(text):
        best["way"] = [*best.get("way", []), 0.6]
    talk = max(best.pop("talk", [0.0]))
    if max(best.get("bait", [0.0])) >= 0.8:
        talk = 0.0
    if not best:
        return 0.0, ()

    doubt = 1.0
    for weights in best.values():
        weights.sort(reverse=True)
        doubt *= 1 - weights[0]
        if len(weights) > 1:
            doubt *= 1 - weights[1] / 2
    score = (1 - doubt) * (1 - talk)
    # A bargain or bait together with the way to it is the plain frame of an advertisement.
    if {"offer", "bait"} & best.keys() and "way" in best and score >= 0.85:
        score = max(score, FRAME)
    # In a long text a single phrase says little.
    if len(hits) + len(addresses) == 1 and len(words(text)) > 60:
        score /= 2
    spans = sorted({hit.span for hit in hits if hit.phrase.kind != "talk"})
    return score, tuple(merged([*spans, *(address.span for address in addresses)]))


def merged(spans: list[Span]) -> list[Span]:
    """Return the spans in order, those that overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def link_drop(text: str, addresses: list[Address]) -> float:
    """Return how surely the comment is little more than links to nowhere known."""
    strange = [address for address in addresses if address.weight >= 0.4]
    if not strange:
        return 0.0
    linked = sum(end - start for start, end in (address.span for address in addresses))
    beside = len(words(text[: strange[0].span[0]])) + len(words(text[strange[-1].span[1] :]))
    if beside <= 3 or len(strange) >= 3:
        return 0.92
    weight = max(address.weight for address in strange)
    if linked * 2 >= len(text) and weight >= 0.6:
        return 0.8
    return weight * 0.6


def repeated(submission: Submission, addresses: list[Address]) -> float:
    """Return how surely the writer repeats the same words; short ones come back in good faith."""
    copies = submission.standing.copies
    if copies == 0 or len(words(submission.text.original)) < 5:
        return 0.0
    if addresses:
        return 0.92
    return min(0.5 + 0.2 * (copies - 1), 0.95)
