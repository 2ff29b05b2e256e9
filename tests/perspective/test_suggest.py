"""comments:suggestscore: acknowledged always, kept only where a file was named for it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from comity.errors import BadInput
from comity.learn import feedback
from comity.settings import Settings
from tests.cast import NOW
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


def test_what_is_kept_too_long_goes_with_the_next_suggestion(kept, tmp_path):
    door, lines = kept
    old = datetime.now(tz=UTC) - timedelta(days=181)
    written = [
        {"at": at.isoformat(), "text": "Said.", "scores": {"INSULT": 1.0}}
        for at in (old, old + timedelta(days=2))
    ]
    text = "".join(json.dumps(line) + "\n" for line in written)
    (tmp_path / "feedback.jsonl").write_text(text + "not a suggestion\n")

    door.suggest(CORAL)

    assert [line["text"] for line in lines()] == ["Said.", FAIR]
    assert (tmp_path / "feedback.jsonl").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["feedback.jsonl"]


def test_many_may_write_while_old_lines_are_removed(tmp_path):
    path = tmp_path / "feedback.jsonl"
    line = msgspec.json.encode({"at": NOW, "text": "Said.", "scores": {}}) + b"\n"
    old = msgspec.json.encode({"at": NOW - timedelta(days=9), "text": "Old.", "scores": {}}) + b"\n"

    def write(number: int) -> None:
        feedback.append(path, line)
        feedback.append(path, old)
        if number % 5 == 0:
            feedback.sweep(path, NOW - timedelta(days=1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    feedback.sweep(path, NOW - timedelta(days=1))

    assert path.read_bytes() == line * 60


def test_what_a_community_suggested_is_learnt_from_and_nothing_else(kept, tmp_path, run, environ):
    door, _ = kept
    insult = {"attributeScores": {"INSULT": {"summaryScore": {"value": 1}}}}
    for number in range(3):
        door.suggest(CORAL | insult | about(f"A lamplighter from {number}.", number))
        door.suggest(CORAL | approved() | about(f"A nurse from {number}.", 10 + number))
    door.suggest(CORAL | insult | about("Else.", 20) | {"communityId": "b"})
    door.suggest(CORAL | approved() | about("A lamplighter from 0.", 0))  # On second thoughts.
    empty = tmp_path / "none.jsonl"
    empty.write_text("")

    def counted(community: str) -> list[tuple[str, int, int]]:
        told = run("learn", "--cases", str(empty), "--json", "--community", community, status=1)
        return [(x["label"], x["breaches"], x["fair"]) for x in json.loads(told)["measured"]]

    assert counted(CORAL["communityId"]) == [("personal_attack", 2, 4)]
    assert counted("all") == [("personal_attack", 3, 4)]
    assert counted("nobody") == []


def test_toxicity_means_what_one_says_it_means(kept, tmp_path, run, environ):
    door, _ = kept
    door.suggest(CORAL | about("A lamplighter.", 1))
    empty = tmp_path / "none.jsonl"
    empty.write_text("")
    learn = ("learn", "--cases", str(empty), "--json", "--community", "all")

    nothing = json.loads(run(*learn, status=1))
    hate = json.loads(run(*learn, "--toxic-means", "hate", status=1))

    assert nothing["measured"] == []
    assert hate["measured"][0]["label"] == "hate"


def test_what_a_person_wants_forgotten_is_removed(kept, run, environ):
    door, lines = kept
    door.suggest(CORAL | about("One.", 1))
    door.suggest(CORAL | about("Two.", 2))
    door.suggest(CORAL | about("Three.", 3) | {"sessionId": "of a reader"})

    assert "1 line(s)" in run("learn", "forget", "comment:1")
    assert [line["text"] for line in lines()] == ["Two.", "Three."]
    assert "1 line(s)" in run("learn", "forget", "of a reader")
    assert "0 line(s)" in run("learn", "forget", "comment:1")

    assert [line["text"] for line in lines()] == ["Two."]


def test_a_line_that_is_no_suggestion_is_named(kept, tmp_path):
    door, _ = kept
    door.suggest(CORAL)
    path = tmp_path / "other.jsonl"
    path.write_text('{"at": "yesterday"}\n')

    with pytest.raises(BadInput, match=r"other\.jsonl, line 1"):
        feedback.suggestions(path, None)
    assert feedback.suggestions(tmp_path / "feedback.jsonl", None) != []
    assert feedback.suggestions(tmp_path / "gone.jsonl", None) == []


def about(text: str, number: int) -> dict[str, object]:
    return {"comment": {"text": text}, "clientToken": f"comment:{number}"}


def approved() -> dict[str, object]:
    return {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}}}


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """The settings of that server, as a command reads them."""
    monkeypatch.setenv("COMITY_PERSPECTIVE_FEEDBACK", str(tmp_path / "feedback.jsonl"))
    monkeypatch.setenv("COMITY_SECRET", "s" * 32)
