"""Simpler judges of the same comments: two tools that many use, and a linear model of n-grams.

Each gives a comment's chance of being foul, and stops it from an even chance on. They tell no
labels, so any reason for stopping a comment counts as the right one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from better_profanity import profanity
from better_profanity.varying_string import VaryingString
from profanity_check import predict_prob
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from comity.evaluate.report import Share
from comity.evaluate.suite import LabelledCase
from comity.findings import Label
from training.public import jigsaw
from training.rows import share

Baseline = Callable[[Sequence[str]], np.ndarray]


@cache
def baselines(data: Path) -> dict[str, Baseline]:
    """Return the judges by name."""
    return {
        "alt-profanity-check": predict_prob,
        "better-profanity": better_profanity(),
        "n-grams, logistic regression": ngrams(data),
    }


class ByLength:
    """Better-profanity's words, which it would compare one by one with all words of a comment."""

    def __init__(self, words: Iterable[VaryingString]) -> None:
        self.words: dict[int, list[VaryingString]] = defaultdict(list)
        for word in words:
            for length in range(word._min_len, word._max_len + 1):  # noqa: SLF001  It has no other.
                self.words[length].append(word)

    def __contains__(self, word: str) -> bool:
        """Say whether one of them may be written like that."""
        return word in self.words.get(len(word), ())


def better_profanity() -> Baseline:
    """Return a list of words, with the letters that stand for others."""
    profanity.load_censor_words()
    profanity.CENSOR_WORDSET = ByLength(profanity.CENSOR_WORDSET)
    listed = cache(profanity.contains_profanity)
    return lambda texts: np.array([listed(text) for text in texts], float)


def ngrams(data: Path) -> Baseline:
    """Return a model of words and letters, of as many fair as foul comments of Wikipedia talk."""
    foul = [row.text for row in jigsaw(data / "train", offensive=True)]
    fair = [row.text for row in jigsaw(data / "train", offensive=False)]
    fair.sort(key=partial(share, "baseline"))
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LogisticRegression(max_iter=1000))
    model.fit(foul + fair[: len(foul)], [True] * len(foul) + [False] * len(foul))
    return lambda texts: model.predict_proba(texts)[:, 1]


def published_and_stopped(judge: Baseline, cases: Iterable[LabelledCase]) -> tuple[Share, Share]:
    """Return how many clean cases are published, and how many violating ones are stopped."""
    counted = [one for one in cases if Label.INCIVILITY not in one.expect]
    clean = [one.text for one in counted if not one.expect and not one.tolerated]
    violating = [one.text for one in counted if one.expect]
    published, stopped = judge(clean) < 0.5, judge(violating) >= 0.5
    return Share(int(published.sum()), len(clean)), Share(int(stopped.sum()), len(violating))
