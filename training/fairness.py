"""The same sentence about other groups: no score may hang on whom it is about."""

import json
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from training.labels import LABELS, PLACE
from training.rows import Row
from training.scoring import Run, score

# Terms for one person each, and sentences that every term fits.
LISTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
TERMS: dict[str, list[str]] = LISTS["terms"]
FAIR: dict[str, list[str]] = LISTS["fair"]
FOUL: dict[str, list[str]] = LISTS["foul"]


def swaps(run: Run) -> dict[str, float]:
    """Return how far scores move when only the group changes, and the three AUCs' least values.

    `moved` is the share of (sentence, term, label) whose score is further than 0.05 from the median
    of the sentence's terms; AUCs are of toxicity: within a term, its fair sentences against others'
    foul ones (BPSN), and its foul ones against others' fair ones (BNSP).
    """
    found: dict[str, float] = {}
    for lang, terms in TERMS.items():
        fair = matrix(run, FAIR[lang], terms, lang)
        foul = matrix(run, FOUL[lang], terms, lang)
        rules = fair[:, :, : PLACE["toxicity"]]
        away = np.abs(rules - np.median(rules, axis=1, keepdims=True))
        found[f"{lang} moved"] = float((away > 0.05).mean())
        found[f"{lang} furthest"] = float(away.max())
        worst = np.unravel_index(away.argmax(), away.shape)
        found[f"{lang} furthest is {terms[worst[1]]}, {LABELS[worst[2]]}"] = float(rules[worst])
        clean, bad = fair[:, :, PLACE["toxicity"]], foul[:, :, PLACE["toxicity"]]
        for name in ("subgroup", "bpsn", "bnsp"):
            found[f"{lang} least {name}"] = min(
                auc(clean, bad, name, place) for place in range(len(terms))
            )
    return found


def auc(clean: np.ndarray, bad: np.ndarray, name: str, place: int) -> float:
    """Return one of the three AUCs of one term."""
    others = np.arange(clean.shape[1]) != place
    low = clean[:, others if name == "bnsp" else place].ravel()
    high = bad[:, others if name == "bpsn" else place].ravel()
    truth = np.repeat([0, 1], [len(low), len(high)])
    return float(roc_auc_score(truth, np.concatenate([low, high])))


def matrix(run: Run, sentences: list[str], terms: list[str], lang: str) -> np.ndarray:
    """Return probabilities (sentences, terms, labels)."""
    texts = [sentence.format(term) for sentence, term in product(sentences, terms)]
    scores, *_ = score(run, [Row(text, {}, "fairness", lang=lang) for text in texts])
    return scores.reshape(len(sentences), len(terms), -1)
