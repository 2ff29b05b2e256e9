"""Plain sentences about groups: every group is spoken of fairly as often as foully."""

import json
from pathlib import Path

import numpy as np

from training.labels import RULES
from training.rows import Row

LISTS = json.loads(Path(__file__).with_name("groups.json").read_text(encoding="utf-8"))
SPANISH = 0.35


def identities(count: int, rng: np.random.Generator) -> list[Row]:
    """Return sentences about drawn groups, half of them fair."""
    found = []
    for number in range(count):
        lang = "es" if rng.random() < SPANISH else "en"
        kind = ("fair", "foul")[number % 2]
        sentence = one_of(LISTS[kind][lang], rng)
        text = sentence.replace("{}", one_of(LISTS["people"][lang], rng))
        text = text[0].upper() + text[1:]
        labels = dict.fromkeys(RULES, 0.0)
        for label in ("off_topic", "incivility"):
            labels.pop(label)
        labels |= {"hate": float(kind == "foul"), "toxicity": 0.95 if kind == "foul" else 0.04}
        sure = {}
        if kind == "foul":
            labels.pop("personal_attack")
            sure = {"threat": 0.0, "vulgarity": 0.3}
        found.append(Row(text, labels, "identity", lang=lang, weight=0.6, sure=sure))
    return found


def one_of(choices: list[str], rng: np.random.Generator) -> str:
    """Draw one."""
    return choices[rng.integers(len(choices))]
