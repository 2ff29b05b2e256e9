"""comments:suggestscore: acknowledged always, kept only where a file was named for it."""

import json
from dataclasses import replace

import pytest

from comity.settings import Settings
from tests.perspective.conftest import FAIR, SETTINGS, Door

CORAL = {
    "comment": {"text": FAIR},
    "context": {"entries": [{"text": json.dumps({"url": "https://news.example/bridge"})}]},
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    "languages": ["en"],
    "communityId": "Coral:https://comments.example",
    "clientToken": "comment:7",
}


@pytest.fixture
def kept(tmp_path, opened):
    """A server that keeps suggestions, and what it has kept."""
    path = tmp_path / "feedback.jsonl"
    settings = replace(SETTINGS, perspective_feedback=str(path), secret="s" * 32)
    door: Door = opened(settings)
    return door, lambda: [json.loads(line) for line in path.read_text().splitlines()]


def test_a_suggestion_is_acknowledged_and_nothing_is_stored(door, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    answer = door.suggest(CORAL)

    assert answer.status_code == 200
    assert answer.json() == {
        "clientToken": "comment:7",
        "requestedLanguages": ["en"],
        "detectedLanguages": ["en"],
    }
    assert list(tmp_path.iterdir()) == []


def test_a_suggestion_is_kept_where_a_file_was_named_without_whom_it_is_from(kept):
    door, lines = kept
    door.suggest(CORAL)
    door.suggest(CORAL | {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}}})

    first, second = lines()
    assert first["text"] == FAIR
    assert (first["scores"], second["scores"]) == ({"TOXICITY": 1.0}, {"TOXICITY": 0.0})
    assert first["language"] == "en"
    assert first["at"]
    assert set(first["of"]) == {"community", "token"}
    assert first["of"] == second["of"]
    assert not [said for said in ("news.example", "comments.example", ":7") if said in str(first)]


def test_the_file_is_its_owners_alone(kept, tmp_path):
    door, _ = kept
    door.suggest(CORAL)

    assert (tmp_path / "feedback.jsonl").stat().st_mode & 0o777 == 0o600


def test_whom_it_is_from_is_not_kept_at_all_without_a_secret(tmp_path, opened):
    path = tmp_path / "feedback.jsonl"
    opened(replace(SETTINGS, perspective_feedback=str(path))).suggest(CORAL)

    assert json.loads(path.read_text())["of"] == {}


def test_what_is_not_to_be_stored_is_not(kept):
    door, lines = kept
    door.suggest(CORAL)
    assert door.suggest(CORAL | {"doNotStore": True}).status_code == 200

    assert len(lines()) == 1


def test_nothing_of_what_is_analyzed_is_kept(kept):
    door, lines = kept
    door.suggest(CORAL)
    door.scores("Something else.")

    assert len(lines()) == 1


def test_spans_are_kept_too(kept):
    door, lines = kept
    span = {"begin": 4, "end": 10, "score": {"value": 0.9, "type": "PROBABILITY"}}
    door.suggest(CORAL | {"attributeScores": {"INSULT": {"spanScores": [span]}}})

    assert lines()[0]["spans"] == {"INSULT": [[4, 10, 0.9]]}


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"TOXICITY": {}},
        {"TOXICITY": {"summaryScore": {}}},
        {"TOXICITY": {"summaryScore": {"value": 2}}},
        {"TOXICITY": {"summaryScore": {"value": 1, "type": "RAW"}}},
        {"TOXICITY": {"spanScores": [{"begin": 1, "score": {"value": 1}}]}},
        {"TOXICITY": {"spanScores": [{"begin": 3, "end": 1, "score": {"value": 1}}]}},
        {"no such name": {"summaryScore": {"value": 1}}},
    ],
)
def test_a_malformed_suggestion_is_refused_and_not_kept(kept, scores):
    door, lines = kept
    door.suggest(CORAL)

    answer = door.suggest(CORAL | {"attributeScores": scores})

    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert len(lines()) == 1


def test_a_file_that_cannot_be_written_is_said(tmp_path, opened):
    nowhere = opened(replace(SETTINGS, perspective_feedback=str(tmp_path / "none" / "file")))

    answer = nowhere.suggest(CORAL)

    assert answer.status_code == 503
    assert answer.json()["error"]["status"] == "UNAVAILABLE"
    assert str(tmp_path) not in answer.text


def test_a_suggestion_needs_a_key(door):
    assert door.suggest(CORAL).status_code == 200
    assert door.suggest(CORAL, key="wrong").status_code == 400
    assert Settings().perspective_feedback == ""
