"""Sentences about groups."""

import numpy as np

from training.identity import identities


def test_half_of_the_sentences_are_fair_and_the_same_seed_says_the_same():
    rows = identities(100, np.random.default_rng(0))

    assert rows == identities(100, np.random.default_rng(0))
    assert sum(row.labels["hate"] for row in rows) == 50
    assert all("{}" not in row.text for row in rows)
    assert {row.lang for row in rows} == {"en", "es"}
