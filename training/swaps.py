"""Other groups and other names in the same words: what is said counts, not of whom."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np

from training.rows import Row
from training.spelling import replaced

# Groups of a kind, so that the sentence stays a sentence: plural nouns, then adjectives.
LISTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
GROUPS: dict[str, list[list[str]]] = LISTS["groups"]
NAMES: list[str] = LISTS["names"]
# Words that are colours or verbs more often than groups are left alone unless a noun follows.
COLOURS = {
    "black",
    "white",
    "brown",
    "negra",
    "negro",
    "negros",
    "polish",
    "blind",
    "ciega",
    "ciego",
}
PEOPLE = r"(?=\s+(?:people|men|women|man|woman|kids|children|families|family|girl|boy|lad|bloke))"
CAPITAL = re.compile(r"(?<![.!?¡¿\"“«:]\s)(?<!^)\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{3,}\b")


@cache
def pattern(lang: str, kind: int) -> re.Pattern[str]:
    """Return what finds the words of one kind."""
    words = sorted(GROUPS[lang][kind], key=len, reverse=True)
    parts = [re.escape(word) + (PEOPLE if word in COLOURS else "") for word in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def other_group(row: Row, rng: np.random.Generator) -> None:
    """Say the same of another group, the same one throughout."""
    if row.labels.get("slur") or row.lang not in GROUPS:
        return
    for kind, words in enumerate(GROUPS[row.lang]):
        found = list(pattern(row.lang, kind).finditer(row.text))
        if not found:
            continue
        new = words[rng.integers(len(words))]
        changes = []
        for match in found:
            word = new.capitalize() if match.group()[0].isupper() else new
            changes.append((*match.span(), word))
        replaced(row, changes)


def other_names(row: Row, rng: np.random.Generator) -> None:
    """Give the people and places whom comment, parent and story share other names."""
    names = {match.group() for match in CAPITAL.finditer(row.text)}
    names = {name for name in names if re.search(rf"\b{name}\b", f"{row.story}\n{row.parent}")}
    for name in sorted(names):
        new = NAMES[rng.integers(len(NAMES))]
        whole = re.compile(rf"\b{name}\b")
        replaced(row, [(*match.span(), new) for match in whole.finditer(row.text)])
        row.story = whole.sub(new, row.story)
        row.parent = whole.sub(new, row.parent)
