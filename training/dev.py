"""The dev sets, read for measuring only; nothing here is ever trained on."""

import csv
import json
import re
from pathlib import Path

import numpy as np

from training.authored import tell
from training.public import table
from training.rows import Row, share

csv.field_size_limit(10**8)


def some(rows: list, limit: int | None, key: str = "dev") -> list:
    """Return all rows, or a fixed choice of them."""
    if limit is None or len(rows) <= limit:
        return rows
    chosen = sorted(range(len(rows)), key=lambda place: share(key, str(place)))[:limit]
    return [rows[place] for place in sorted(chosen)]


def functional(data: Path, name: str) -> tuple[list[Row], list[dict]]:
    """Return a functional suite's rows and its own lines beside them."""
    folder = data / "authored"
    stories = json.loads((folder / f"{name}_stories.json").read_text(encoding="utf-8"))
    told = {story["id"]: tell(story) for story in stories}
    text = (folder / f"{name}.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    rows = [
        Row(
            line["text"],
            {},
            name,
            story=told.get(line["story"] or "", ""),
            parent=line["parent"] or "",
            lang=line["lang"],
        )
        for line in lines
    ]
    return rows, lines


def insults(data: Path, limit: int | None) -> tuple[list[Row], np.ndarray]:
    """Return news-site comments and whether they insult a participant."""
    lines = some(list(table(data / "dev" / "insults_train.csv.gz")), limit)
    texts = [unescaped(line["Comment"]) for line in lines]
    return bare(texts), np.array([line["Insult"] == "1" for line in lines])


def unescaped(text: str) -> str:
    """Undo the escapes in which that set stands."""
    text = text.strip('"').replace("\\\\", "\\")
    text = re.sub(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", " ", text)
    return re.sub(r"\\[nrt]", "\n", text).replace('\\"', '"').replace("\\'", "'")


def unhealthy(data: Path, limit: int | None) -> tuple[list[Row], dict[str, np.ndarray]]:
    """Return news comments and what their raters found."""
    names = ("hostile", "antagonize", "condescending", "dismissive")
    lines = [
        line
        for part in ("val", "test")
        for line in table(data / "dev" / f"unhealthy_{part}.csv.gz")
    ]
    lines = some(lines, limit)
    truth = {name: np.array([line[name] == "1" for line in lines]) for name in names}
    return bare([line["comment"] for line in lines]), truth


def c3(data: Path, limit: int | None) -> tuple[list[Row], np.ndarray]:
    """Return news comments with their toxicity of 1..4; 1 is not toxic."""
    lines = [
        line
        for line in table(data / "dev" / "c3_even.csv.gz")
        if line["crowd_toxicity_level"].strip()
    ]
    lines = some(lines, limit)
    levels = np.array([float(line["crowd_toxicity_level"]) for line in lines])
    return bare([line["comment_text"] for line in lines]), levels


def hatemoji(data: Path, limit: int | None) -> tuple[list[Row], np.ndarray]:
    """Return the functional suite of hate with emoji."""
    lines = list(table(data / "dev" / "hatemoji_check.csv.gz"))
    lines = some(lines, limit)
    return bare([line["text"] for line in lines]), np.array([x["label_gold"] == "1" for x in lines])


def tsd(data: Path) -> tuple[list[Row], list[set[int]]]:
    """Return news comments and the places of their toxic characters."""
    lines = list(table(data / "dev" / "tsd_trial.csv.gz"))
    return bare([line["text"] for line in lines]), [set(json.loads(x["spans"])) for x in lines]


def perspective(data: Path, limit: int | None) -> tuple[list[Row], dict[str, np.ndarray]]:
    """Return Wikipedia comments and what Perspective said of them."""
    names = ("TOXICITY@6", "INSULT", "PROFANITY", "THREAT", "IDENTITY_ATTACK")
    lines = some(list(table(data / "dev" / "perspective_2k_scores_2018.csv.gz")), limit)
    truth = {name: np.array([float(line[name]) for line in lines]) for name in names}
    return bare([line["comment_text"] for line in lines]), truth


def ruddit(data: Path, limit: int | None) -> tuple[list[Row], np.ndarray]:
    """Return comments under their own title and under another of like length."""
    lines = [
        line
        for line in table(data / "dev" / "ruddit.csv.gz")
        if line["comment_body"] not in {"[deleted]", "[removed]", ""} and line["post_title"]
    ]
    lines = some(lines, limit)
    titles = sorted({line["post_title"] for line in lines}, key=lambda title: (len(title), title))
    at = {title: place for place, title in enumerate(titles)}
    rows, truth = [], []
    for number, line in enumerate(lines):
        place = at[line["post_title"]]
        near = [p for p in range(place - 4, place + 5) if p != place and 0 <= p < len(titles)]
        other = titles[near[number % len(near)]]
        rows += [
            Row(line["comment_body"], {}, "ruddit", story=line["post_title"]),
            Row(line["comment_body"], {}, "ruddit", story=other),
        ]
        truth += [False, True]
    return rows, np.array(truth)


def bare(texts: list[str]) -> list[Row]:
    """Return texts as rows without context."""
    return [Row(text, {}, "dev") for text in texts]
