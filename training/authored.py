"""The sets written for Comity: every label is judged in them, with the story and the parent."""

import json
from pathlib import Path

from training.labels import OVERLAPS, RULES
from training.rows import Row, share

OWN = Path(__file__).parent / "authored"
HELD_OUT = 0.1  # Stories whose rows are for calibration, never for training.
# How toxic a breach of each rule reads; what is not listed says nothing about toxicity.
TOXIC = {
    "slur": 0.95,
    "threat": 0.95,
    "hate": 0.95,
    "personal_attack": 0.9,
    "harassment": 0.85,
    "profanity": 0.75,
    "vulgarity": 0.6,
    "tragedy_joke": 0.6,
    "incivility": 0.4,
}
NEEDS_STORY = {"off_topic"}
LESS_SURE = 0.3


def authored(data: Path) -> list[Row]:
    """Return every row of the sets written for training: the shared ones and our own."""
    files = [*sorted((data / "authored").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]
    return [row for file in files for row in suite(file)]


def suite(file: Path) -> list[Row]:
    """Return the rows of one file; stories stand beside it."""
    beside = file.with_name(f"{file.stem}_stories.json")
    stories = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []
    told = {story["id"]: story for story in stories}
    lines = file.read_text(encoding="utf-8").splitlines()
    return [of(json.loads(line), told, file.stem) for line in lines if line.strip()]


def of(line: dict, stories: dict[str, dict], source: str) -> Row:
    """Return one line as a row."""
    story = stories.get(line.get("story") or "")
    expect = set(line["expect"])
    tolerated = set(line.get("tolerated") or ())
    labels = {label: float(label in expect) for label in RULES if label not in tolerated - expect}
    if not story and not line.get("parent") and "off_topic" not in expect:
        labels.pop("off_topic", None)
    if expect & {"personal_attack", "harassment", "hate", "slur", "threat"}:
        labels.pop("incivility", None)
    sure = {
        label: LESS_SURE
        for expected in expect
        for label in OVERLAPS.get(expected, ())
        if label not in expect
    }
    labels["despair"] = float(bool(line.get("despair")))
    if "despair" not in line:  # Nobody was asked.
        sure["despair"] = LESS_SURE
    toxic = [TOXIC[label] for label in expect if label in TOXIC]
    if toxic or not (expect or tolerated):
        labels["toxicity"] = max(toxic, default=0.03)
        sure["toxicity"] = 0.5
    spans, marked = marks(line, expect, tolerated)
    return Row(
        text=line["text"],
        labels=labels,
        source=source,
        story=tell(story),
        parent=line.get("parent") or "",
        lang=line.get("lang") or "en",
        sure=sure,
        spans=spans,
        marked=marked,
        group=line.get("story") or line["text"],
    )


def marks(
    line: dict, expect: set[str], tolerated: set[str]
) -> tuple[list[tuple[int, int, str, float]], frozenset[str]]:
    """Return the marked words, and the labels for which they are all that is to be marked."""
    known = frozenset(RULES) - tolerated - {"off_topic"}
    wanted = line.get("span") or []
    if not expect or len(expect) > 1 or not wanted:
        return [], known - expect
    (label,) = expect
    found = []
    for words in [wanted] if isinstance(wanted, str) else wanted:
        first = line["text"].find(words)
        if first >= 0:
            found.append((first, first + len(words), label, 1.0))
    return found, known if found else known - expect


def tell(story: dict | None) -> str:
    """Return a story as the encoder reads it: headline, deck and the beginning of the body."""
    if not story:
        return ""
    body = story.get("body") or ""
    body = " ".join(body) if isinstance(body, list) else body
    return "\n".join(part for part in (story["headline"], story.get("deck") or "", body) if part)


def is_held_out(row: Row) -> bool:
    """Say whether a row is kept for calibration; all rows of a story go the same way."""
    return share("held out", row.group) < HELD_OUT
