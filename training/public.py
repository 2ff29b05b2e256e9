"""The public sets, each with what it says and silent where it says nothing."""

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.rows import Row, share

csv.field_size_limit(10**8)

# Rows taken of each set: news comments whole, large and distant sets in part.
TAKE = {
    "jigsaw_offensive": 6500,
    "jigsaw_clean": 8500,
    "davidson": 1500,
    "hatexplain": 6000,
    "implicit_hate": 6000,
    "paradetox": 3000,
    "sms_spam": 1000,
    "crisislex": 1500,
    "one_liners": 800,
    "wiki_context": 8000,
    "related": 4500,  # Made of the others, see related.py.
}
PLACEHOLDERS = re.compile(
    r"<(user|number|url|percent|money|date|time|phone|email)>\s*", re.IGNORECASE
)
CALM = {"personal_attack", "threat", "hate", "harassment"}


def table(path: Path) -> Iterator[dict[str, str]]:
    """Give the rows of a packed table."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t" if ".tsv" in path.name else ",")


def public(data: Path, take: dict[str, int] = TAKE, salt: str = "") -> list[Row]:
    """Return the public sets' rows; of the sets in `take` so many, another choice a `salt`."""
    train = data / "train"
    rows: list[Row] = []
    for name, load in LOADERS.items():
        found = list(load(train))
        if name in take:
            found.sort(key=lambda row: share(salt + row.source, row.text))
            found = found[: take[name]]
        rows += found
    return [row for row in rows if row.text.strip()]


def jigsaw(train: Path, *, offensive: bool) -> Iterator[Row]:
    """Wikipedia talk; offensive is any of six labels, clean is none of them."""
    for line in table(train / "jigsaw_davidson.csv.gz"):
        if line["source"] != "jigsaw" or (line["offensive"] == "1") is not offensive:
            continue
        labels = {"toxicity": 0.9 if offensive else 0.03}
        if not offensive:
            labels |= dict.fromkeys(CALM, 0.0)
        else:
            labels["perspective"] = 0.85
        sure = {**dict.fromkeys(CALM, 0.3), "perspective": 0.5}
        yield Row(line["text"], labels, "jigsaw", sure=sure)


def davidson(train: Path) -> Iterator[Row]:
    """Tweets that were searched for by swear words: labels biased against dialect, so light."""
    for line in table(train / "jigsaw_davidson.csv.gz"):
        if line["source"] == "davidson":
            toxic = 0.7 if line["offensive"] == "1" else 0.1
            yield Row(line["text"], {"toxicity": toxic}, "davidson", weight=0.3)


def toxic_spans(train: Path) -> Iterator[Row]:
    """News comments whose raters marked toxic words and said of which kind."""
    kinds = {
        "Insult": "personal_attack",
        "Threat": "threat",
        "Identity based Attack": "hate",
        "Profane/Obscene": "profanity",
    }
    marked: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for line in table(train / "toxic_spans_spans.csv.gz"):
        marked[line["annotation"]].append((line["type"], int(line["start"]), int(line["end"])))
    raters: dict[str, list[str]] = defaultdict(list)
    for line in table(train / "toxic_spans_annotations.csv.gz"):
        raters[line["comment_id"]].append(line["annotation"])
    for line in table(train / "toxic_spans_comments.csv.gz"):
        answers = [marked.get(annotation, []) for annotation in raters[line["comment_id"]]]
        if not answers:
            continue
        of = len(answers)
        labels = {"toxicity": 0.3 + 0.65 * sum(map(bool, answers)) / of}
        chars: dict[str, Counter[int]] = defaultdict(Counter)
        for answer in answers:
            for name in {kinds[kind] for kind, _, _ in answer if kind in kinds}:
                labels[name] = labels.get(name, 0.0) + 1 / of
            for place in {p for _, first, last in answer for p in range(first, last)}:
                chars["toxicity"][place] += 1
            for kind, first, last in answer:
                if kind in kinds:
                    chars[kinds[kind]].update(range(first, last))
        for name in kinds.values():
            labels[name] = min(1.0, labels.get(name, 0.0))
        if labels["profanity"] < 0.5:
            labels.pop("profanity")  # The word lists know better than one rater.
        spans = [span for name, marks in chars.items() for span in runs(marks, name, of)]
        names = frozenset({"toxicity", "personal_attack", "threat", "hate"})
        spans = [span for span in spans if span[2] in names]
        sure = {"personal_attack": 0.7, "threat": 0.7, "hate": 0.7}
        yield Row(line["comment_text"], labels, "toxic_spans", sure=sure, spans=spans, marked=names)


def runs(marks: Counter[int], name: str, of: int) -> Iterator[tuple[int, int, str, float]]:
    """Turn counts of raters a character into spans of equal share."""
    first = last = -1
    held = 0
    for place in sorted(marks):
        if place == last and marks[place] == held:
            last += 1
            continue
        if held:
            yield first, last, name, min(1.0, held / of)
        first, last, held = place, place + 1, marks[place]
    if held:
        yield first, last, name, min(1.0, held / of)


def hatexplain(train: Path) -> Iterator[Row]:
    """Posts of two networks: hateful, offensive or normal, with the words that made it so."""
    for line in table(train / "hatexplain.csv.gz"):
        text = PLACEHOLDERS.sub("", line["text"])
        kind = line["label"]
        labels = {"toxicity": {"0": 0.1, "1": 0.7, "2": 0.9}[kind]}
        if kind != "1":
            labels["hate"] = float(kind == "2")
        spans = []
        for words in filter(None, line["rationale_pos"].split(";")):
            first = text.find(words) if len(words) > 2 else -1
            if first >= 0 and kind != "0":
                spans.append((first, first + len(words), "toxicity", 1.0))
                if kind == "2":
                    spans.append((first, first + len(words), "hate", 1.0))
        marked = frozenset({"toxicity", "hate"} if spans or kind == "0" else ())
        yield Row(text, labels, "hatexplain", weight=0.7, spans=spans, marked=marked)


def implicit_hate(train: Path) -> Iterator[Row]:
    """Tweets of extremists: hate without a bad word, and their other talk."""
    kinds = {
        line["post"]: line["implicit_class"] for line in table(train / "implicit_hate_stg2.tsv.gz")
    }
    for line in table(train / "implicit_hate_stg1.tsv.gz"):
        kind = line["class"]
        hate = {"not_hate": 0.0, "implicit_hate": 0.9, "explicit_hate": 1.0}[kind]
        labels = {"hate": hate, "toxicity": 0.1 + 0.7 * hate}
        sure = {"toxicity": 0.5}
        if kinds.get(line["post"]) == "threatening":
            labels["threat"], sure["threat"] = 0.7, 0.3
        elif kind == "not_hate":
            labels["threat"], sure["threat"] = 0.0, 0.3
        yield Row(line["post"].strip(), labels, "implicit_hate", weight=0.6, sure=sure)


def hatemoji(train: Path) -> Iterator[Row]:
    """Hate said with emoji, and its nearest harmless neighbours."""
    for part in ("train", "validation", "test"):
        for line in table(train / f"hatemoji_build_{part}.csv.gz"):
            hate = float(line["label_gold"])
            labels = {"hate": hate, "toxicity": 0.05 + 0.9 * hate}
            labels["threat"] = float(line["type"] == "threateninglanguage")
            yield Row(line["text"], labels, "hatemoji", weight=1.5, sure={"threat": 0.5})


def convabuse(train: Path) -> Iterator[Row]:
    """What people say to chatbots, with the turn before it."""
    for part in ("train", "valid"):
        for line in table(train / f"convabuse_{part}.csv.gz"):
            votes: Counter[str] = Counter()
            raters = 0
            for column, value in line.items():
                if value not in {"1", "1.0"}:
                    continue
                votes[column.split("_", 1)[-1]] += 1
                raters += "_is_abuse." in column
            if not raters:
                continue
            abuse = sum(votes[f"is_abuse.-{grade}"] for grade in (1, 2, 3)) / raters
            labels = {"toxicity": 0.05 + 0.85 * abuse}
            labels["vulgarity"] = votes["sex_harassment"] / raters
            aimed = votes["target.individual"] + votes["target.system"]
            labels["personal_attack"] = min(1.0, aimed / raters) * float(abuse > 0.5)
            sure = {"personal_attack": 0.4, "vulgarity": 0.5}
            yield Row(line["user"], labels, "convabuse", parent=line["agent"], sure=sure)


def paradetox(train: Path) -> Iterator[Row]:
    """The same thing said with and without bad words."""
    for line in table(train / "paradetox.csv.gz"):
        yield Row(line["toxic"], {"toxicity": 0.9}, "paradetox", weight=0.7)
        labels = {"toxicity": 0.15, "profanity": 0.0, "slur": 0.0}
        yield Row(line["neutral1"], labels, "paradetox", weight=0.7)


def spam(train: Path, name: str) -> Iterator[Row]:
    """Messages and comments that are spam, or not."""
    for line in table(train / f"{name}.csv.gz"):
        labels = {"spam": float(line["spam"])}
        if line["spam"] == "0":
            labels["toxicity"] = 0.08
        yield Row(line["text"], labels, name, sure={"toxicity": 0.3})


def crisislex(train: Path) -> Iterator[Row]:
    """Tweets in disasters: sincere where they feel with others, on the subject or not."""
    for line in table(train / "crisislex_t26.csv.gz"):
        event = line["event"].replace("_", " ")
        about = line["informativeness"]
        labels = {"toxicity": 0.05, "spam": 0.0, "off_topic": float(about == "Not related")}
        if line["information_type"] == "Sympathy and support":
            labels["tragedy_joke"] = 0.0
        elif about == "Related and informative":
            labels["tragedy_joke"] = 0.02
        text = re.sub(r"^RT @\w+:\s*", "", line["text"])
        sure = {"tragedy_joke": 0.7, "off_topic": 0.3, "toxicity": 0.3}
        yield Row(text, labels, "crisislex", story=event[5:], weight=0.5, sure=sure)


def jokes(train: Path) -> Iterator[Row]:
    """Jokes under no story: dark ones mock victims, the others only show what a joke is."""
    with gzip.open(train / "jokeapi_en.json.gz", "rt", encoding="utf-8") as file:
        for joke in json.load(file)["jokes"]:
            text = joke.get("joke") or f"{joke['setup']} {joke['delivery']}"
            dark = joke["category"] == "Dark"
            sure = {"tragedy_joke": 0.3}
            yield Row(text, {"tragedy_joke": 0.6 if dark else 0.0}, "jokeapi", sure=sure)


def one_liners(train: Path) -> Iterator[Row]:
    """Harmless jokes."""
    with gzip.open(train / "one_liners.json.gz", "rt", encoding="utf-8") as file:
        for joke in json.load(file):
            labels = {"spam": 0.0, "threat": 0.0, "tragedy_joke": 0.05}
            yield Row(joke["body"], labels, "one_liners", sure={"tragedy_joke": 0.2})


def wiki_context(train: Path) -> Iterator[Row]:
    """Talk with the turn before it, and how toxic Perspective found it: a graded truth."""
    for part in ("gc", "gn"):
        for line in table(train / f"wiki_context_{part}.csv.gz"):
            labels = {"off_topic": 0.0}
            if line["api"]:
                labels |= dict.fromkeys(("toxicity", "perspective"), float(line["api"]))
            sure = {"off_topic": 0.5 if line["parent"] else 0.0}
            yield Row(line["text"], labels, "wiki_context", parent=line["parent"], sure=sure)


LOADERS = {
    "jigsaw_offensive": lambda train: jigsaw(train, offensive=True),
    "jigsaw_clean": lambda train: jigsaw(train, offensive=False),
    "davidson": davidson,
    "toxic_spans": toxic_spans,
    "hatexplain": hatexplain,
    "implicit_hate": implicit_hate,
    "hatemoji": hatemoji,
    "convabuse": convabuse,
    "paradetox": paradetox,
    "sms_spam": lambda train: spam(train, "sms_spam"),
    "youtube_spam": lambda train: spam(train, "youtube_spam_1_3"),
    "crisislex": crisislex,
    "jokes": jokes,
    "one_liners": one_liners,
    "wiki_context": wiki_context,
}
