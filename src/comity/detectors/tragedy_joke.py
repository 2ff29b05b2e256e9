"""Jokes about tragedies: a tragedy, mockery in the comment, and the people who are its butt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from comity.detectors.story_quotes import borrowed
from comity.detectors.story_words import Hit, Phrase, find, stems, story_names, story_stems, words
from comity.findings import Finding, Label, StoryExcerpt, Submission

LAUGHING = re.compile("[😂🤣😆😹😅😁😄😃😀😏😜😝😛🤪🥳🤡🍾🍻🥂🍿💅🕺💃🎉🎊🤭🙃]")
# Pictures of gladness, which most people mean as such.
GLAD = frozenset("😀😃😄😁😅🙂😊😉🎉🎊🥳🍾🍻🍺🥂")
# Pictures, but for those that go with grief, prayer, thanks and anger.
PICTURE = re.compile("[\U0001f300-\U0001faff⚡⛷⚽❄★☀⚾⛄☠]")
SINCERE = frozenset(
    "🙏🕯🌹💐🥀🕊😢😭😥😰😞😔😟🙁😿💔❤🖤🤍💙💚💛💜🧡🤎💖💗💕🫂🥺😠😡🤬🤯😤✊💪👍👏🙌🏻🏼🏽🏾🏿👉👇🚨📍☎📞🌈🎗⭐🌟😳😱😨😧😦😮🤦🤷🙄👆👀🗳🇦🇧"
)

# Forms of a joke that are not fixed words, each with the characters that it needs one of.
FORMS = (
    (
        "laugh", 0.75, "",
        (
            r"\b(?:[bm]?w?a?(?:ha){2,20}h?|(?:ja){2,20}j?|(?:je){2,20}|lo{1,10}l|lma{1,9}o{1,9}|"
            r"hee(?: hee){1,9})\b"
        ),
    ),
    ("laugh", 0.5, "", r"(?:^|[,.!?…] )(?:ha|ja|heh|je)(?=[,.!]|$)"),
    # A score: Hamlet 2, Laertes 0.
    (
        "frame", 0.6, ",",
        (
            r"\b[^\W\d_][\w ]{1,30} (?:\d{1,2}|one|two|three|ten), [^\W\d_][\w ]{0,20} "
            r"(?:0|nil|zero|\d{1,2})(?=[.!\s]{0,5}$)"
        ),
    ),
    ("trade", 0.7, "0123456789★⭐", r"\b\d{1,2}(?:\.\d)?/10\b|★|⭐"),
    # A dialogue. Reader: like this. Writer: quite.
    (
        "frame", 0.55, ":",
        (
            r"^\W{0,3}[^\W\d_]{2,15}(?: \w{1,12}){0,2}: [^.!?\n]{1,80}[.!?] "
            r"[^\W\d_]{2,15}(?: \w{1,12}){0,2}: "
        ),
    ),
    (
        "frame", 0.55, "?.",
        r"\b\w{3,12}\? [^.?!\n]{0,20}\bmore like\b|\.\.\. ?(?:oh|well)\b|\boh\.\s",
    ),
    (
        "play", 0.6, "",
        r"\b(row|doo|blub|glug|splash|bang|duh|dum|choo|burn|nom|tick|ding|wah|pop) \1\b",
    ),
    ("play", 0.5, "🎶🎵🎤🎺-", r"🎶|🎵|🎤|🎺|\bduh-duh\b"),
)  # fmt: skip
PATTERNS = tuple(
    (kind, weight, needed, re.compile(pattern, re.IGNORECASE))
    for kind, weight, needed, pattern in FORMS
)
# One of these three kinds is needed: the rest only adds to them.
PLAIN = frozenset({"laugh", "gloat", "picture"})
# Kinds that are gloating where they are about the victims.
GLOATING = frozenset({"cheer", "insult"})

OTHERS = re.compile(
    r"\b(?:he|she|they|him|her|them|his|their|theirs|he's|she's|they're|he'd|she'd|they'd|those|"
    r"el|ella|ellos|ellas|los|las|les|se|sus|este|esos)\b"
)
# Who is laughed at, without the words that are articles too.
BUTTS = re.compile(
    r"\b(?:he|she|they|him|her|them|his|their|theirs|he's|she's|they're|he'd|she'd|they'd|"
    r"both|pair|lads?|girls?|bastards?|ella|ellos|ellas|les|sus|esos)\b"
)
# What is celebrated, rated or bidden farewell: good riddance to the old bridge.
OBJECT = re.compile(
    r"\s(?:(?:to|for|from|about|a|para|por|con|de)\s"
    r"(?:the|our|this|that|these|those|el|la|los|las|este|esta|nuestr[oa]s?)|al|del)\s\w",
    re.IGNORECASE,
)
ADDRESSED = re.compile(r"\b(?:you|you're|your|eres|sos|usted|tu)\b", re.IGNORECASE)
OWN = re.compile(r"\b(?:i|i'm|i've|we|we're|my|our|us|me|yo|mi|nosotros|thanks?)\b", re.IGNORECASE)
# How much a quiet sign says in a text of so many words.
LENGTHS = ((9, 1.2), (16, 1.0), (30, 0.85), (60, 0.65), (10_000, 0.45))
WEIGHT = {"laugh": 1.0, "gloat": 1.0, "picture": 1.0, "frame": 0.8, "play": 0.8, "trade": 0.7}


@dataclass(frozen=True, slots=True)
class Tragedy:
    """How surely the texts around the comment tell of one, and where it stands."""

    weight: float
    where: str


def tragedy_joke(submission: Submission) -> list[Finding]:
    """Look for mockery of the dead, the missing and those who mourn them."""
    text = submission.text.original
    tragedy = find_tragedy(submission)
    if tragedy is None:
        return []
    signs = [sign for sign in mockery(text) if not told(sign, text, submission.story)]
    signs = meant(signs, text, submission.story)
    repeated = borrowed(submission.text, submission.story, {sign.span for sign in signs})
    signs = [sign for sign in signs if sign.span not in repeated]
    if not signs:
        return []
    score = (
        tragedy.weight
        * strength(signs, len(words(text)))
        * aimed(submission)
        * guarded(text, signs)
    )
    if score < 0.3:
        return []
    return [
        Finding(
            Label.TRAGEDY_JOKE,
            round(min(score, 0.9), 3),
            tuple(sorted({sign.span for sign in signs})),
            "tragedy_joke",
            f"mockery where {tragedy.where} tells of a tragedy",
        )
    ]


def mockery(text: str) -> Iterator[Hit]:
    """Give the signs of making fun."""
    yield from find("mockery", text)
    there = set(text)
    for kind, weight, needed, pattern in PATTERNS:
        if needed and there.isdisjoint(needed):
            continue
        if match := pattern.search(text):
            yield Hit(Phrase(kind, weight, ()), match.span())
    for match in PICTURE.finditer(text):
        if match.group() not in SINCERE:
            laughing = LAUGHING.match(match.group())
            yield Hit(Phrase("picture", 0.75 if laughing else 0.55, ()), match.span())


def told(sign: Hit, text: str, story: StoryExcerpt | None) -> bool:
    """Say whether a single word is no play on words, but one that the story itself uses."""
    if story is None or sign.phrase.kind not in {"play", "trade"} or len(sign.phrase.words) != 1:
        return False
    return bool(stems(text[slice(*sign.span)]) & story_stems(story))


def meant(signs: list[Hit], text: str, story: StoryExcerpt | None) -> list[Hit]:
    """Return the signs that may be about the victims.

    An insult adds to another sign if victims are spoken of and nobody is addressed. A cheer is,
    unless it names another object. A picture may be, unless it is a glad one, or the words beside
    it name another object, address somebody or tell of the writer.
    """
    left = [sign for sign in signs if sign.phrase.kind != "insult"]
    if speaks_of_victims(text, story):
        return left if not left or ADDRESSED.search(text) else signs
    if any(is_about_else(sign, text) for sign in left):
        left = [sign for sign in left if sign.phrase.kind not in {"cheer", "trade"}]
    if any(sign.phrase.kind != "picture" and sign.phrase.weight >= 0.5 for sign in left):
        return left
    away = any(pattern.search(text) for pattern in (OBJECT, OWN, ADDRESSED))
    alone = not words(text)
    return [
        sign
        for sign in left
        if sign.phrase.kind != "picture" or alone or not (away or text[slice(*sign.span)] in GLAD)
    ]


def speaks_of_victims(text: str, story: StoryExcerpt | None) -> bool:
    """Say whether a text has a word for the people of a tragedy, for their death, or a name."""
    if BUTTS.search(text.casefold()) or kinds(text).keys() - {"event"}:
        return True
    return story is not None and any(word.plain in story_names(story) for word in words(text))


def is_about_else(sign: Hit, text: str) -> bool:
    """Say whether what is cheered or rated is named, in a text without a word for victims."""
    return sign.phrase.kind in {"cheer", "trade"} and bool(OBJECT.match(text, sign.span[1]))


def strength(signs: list[Hit], length: int) -> float:
    """Combine the signs: the best of each kind counts, the second best by half."""
    kinds: dict[str, list[float]] = {}
    for sign in signs:
        kind = "gloat" if sign.phrase.kind in GLOATING else sign.phrase.kind
        kinds.setdefault(kind, []).append(sign.phrase.weight)
    doubt = 1.0
    for kind, weights in kinds.items():
        weights.sort(reverse=True)
        doubt *= 1 - weights[0] * WEIGHT[kind]
        if len(weights) > 1:
            doubt *= 1 - weights[1] * WEIGHT[kind] / 2
    suspicion = 1 - doubt
    # A short comment under news of death that plays with words does little else.
    if not PLAIN & kinds.keys():
        suspicion *= next(factor for limit, factor in LENGTHS if length <= limit)
    return suspicion


def find_tragedy(submission: Submission) -> Tragedy | None:
    """Look for a tragedy in the story, then in what is answered, then in the comment."""
    story = submission.story
    if story is not None and (story.sensitive or tragic_story(story)):
        return Tragedy(1.0, "the story")
    above = [text.original for text in (submission.parent, *submission.thread) if text is not None]
    if any(bereaved(text) for text in above):
        return Tragedy(0.95, "the comment answered")
    if own_tragedy(submission.text.original):
        return Tragedy(0.75, "the comment")
    return None


@lru_cache(maxsize=2048)
def tragic_story(story: StoryExcerpt) -> bool:
    """Say whether people died or are missing in a story: its headline, or its first lines twice."""
    if story.section.casefold() in {"obituary", "obituaries", "obituario", "obituarios"}:
        return True
    head = kinds(f"{story.headline}\n{story.deck}")
    body = kinds("\n".join(story.body)[:1500])
    together = {
        kind: head.get(kind, 0) + body.get(kind, 0) for kind in ("death", "event", "people")
    }
    if head.get("death") and (together["people"] or together["death"] > 1):
        return True
    return together["death"] >= 2 and together["people"] > 0


def bereaved(text: str) -> bool:
    """Say whether the writer of a text speaks of a loss, or a death of people."""
    found = kinds(text)
    return bool(found.get("loss") or (found.get("death") and found.get("people")))


def own_tragedy(text: str) -> bool:
    """Say whether the comment names a known tragedy, or tells of people and of death together."""
    hits = find("tragedy", text)
    if any(hit.phrase.kind == "known" for hit in hits):
        return True
    deaths = [hit.span for hit in hits if hit.phrase.kind == "death"]
    people = [hit.span for hit in hits if hit.phrase.kind == "people"]
    return any(abs(death[0] - person[0]) < 60 for death in deaths for person in people)


def kinds(text: str) -> dict[str, int]:
    """Count the words of each kind that tell of a tragedy."""
    counted: dict[str, int] = {}
    for hit in find("tragedy", text):
        counted[hit.phrase.kind] = counted.get(hit.phrase.kind, 0) + 1
    return counted


def aimed(submission: Submission) -> float:
    """Return how surely the comment speaks of the people or the event, not of something else."""
    text = submission.text.original
    if len(words(text)) <= 14 or OTHERS.search(text.casefold()):
        return 1.0
    if submission.story is not None and stems(text) & story_stems(submission.story):
        return 1.0
    return 0.7


def guarded(text: str, signs: list[Hit]) -> float:
    """Return what grief, memory, blame and rebuke leave of the suspicion."""
    best: dict[str, float] = {}
    for hit in find("condolence", text):
        best[hit.phrase.kind] = max(best.get(hit.phrase.kind, 0.0), hit.phrase.weight)
    left = 1.0
    for weight in best.values():
        left *= 1 - weight
    # Laughter and gloating are heard over a polite word; a mere form of a joke is not.
    plain = PLAIN | GLOATING
    loud = max((sign.phrase.weight for sign in signs if sign.phrase.kind in plain), default=0.0)
    if text.rstrip().endswith("?") and not loud:
        left *= 0.6
    return max(left, loud * 0.6 if loud >= 0.75 else 0.0)
