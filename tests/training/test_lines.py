"""Lines that only so many fair comments reach, on rows that were kept apart."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from training import lines
from training.authored import authored, is_held_out
from training.labels import LABELS, PLACE, RULES
from training.lines import STOPPED, held_out, known, tolerances, verdict_lines
from training.rows import Row
from training.scoring import Scores

FAIR = dict.fromkeys(RULES, 0.0)


def rows(count: int) -> list[Row]:
    """Fair comments, and every fourth of them a threat."""
    return [Row("", {**FAIR, "threat": float(n % 4 == 0)}, "sample") for n in range(count)]


def drawn(count: int) -> np.ndarray:
    return np.random.default_rng(0).random((count, len(LABELS)))


def test_lines_are_drawn_on_stories_kept_apart(sample: Path):
    found = held_out(sample)

    assert found == [row for row in authored(sample) if is_held_out(row)] != []


def test_only_so_many_fair_comments_pass_a_tolerance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    scores = drawn(400)
    monkeypatch.setattr(lines, "held_out", lambda _: rows(400))
    monkeypatch.setattr(lines, "talk", lambda _: [])
    monkeypatch.setattr(lines, "score", lambda _, rows: Scores(scores[: len(rows)], [], scores))

    found = tolerances(lambda _: (), tmp_path)

    fair = scores[[n % 4 != 0 for n in range(400)]]
    for label in RULES:
        assert found[label]["fair"] == 300
        assert "1 in 500" not in found[label]  # Three hundred cannot tell.
        for one_in in (20, 50, 100, 200):
            passing = fair[:, PLACE[label]] > found[label][f"1 in {one_in}"]
            assert passing.sum() <= 300 / one_in + 1


def test_all_lines_together_stop_no_more_fair_comments_than_they_may():
    scores, of = drawn(400), rows(400)
    found = verdict_lines(scores, of)

    stopped = [any(one[PLACE[label]] > line for label, line in found.items()) for one in scores]
    fair = [s for s, row in zip(stopped, of, strict=True) if not row.labels["threat"]]
    assert "incivility" not in found
    assert 0 < sum(fair) / len(fair) <= STOPPED


def test_rows_of_which_a_label_is_not_known_do_not_count_for_it():
    of = [Row("", {"hate": 1.0}, "sample"), Row("", {}, "sample"), Row("", {"hate": 0.0}, "sample")]
    places, truth = known(of, "hate")

    assert places.tolist() == [0, 2]
    assert truth.tolist() == [True, False]
