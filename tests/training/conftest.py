"""Small sets of the tests' own, in the shape of those that are learnt from."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.detectors import reading
from training import authored, encode

STORIES = [
    {
        "id": f"s{n}",
        "headline": f"Council ({n}) repairs the bridge at Lindow",
        "deck": "It closes for a year.",
        "body": ["Mayor Petersen promised it.", "Shops fear for their trade."],
    }
    for n in range(60)
]
KINDS = (
    {"text": "Where is the money for it, Petersen?", "expect": []},
    {
        "text": "Everybody knows that such vermin ruined Lindow.",
        "expect": ["hate"],
        "span": "vermin",
    },
    {"text": "The shops will manage.", "expect": [], "parent": "Poor shops.", "lang": "es"},
)


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder: sixty stories with three comments each, numbered in text and headline."""
    monkeypatch.setattr(authored, "OWN", tmp_path / "own")
    lines = [
        {**kind, "story": story["id"], "text": f"({n}) {kind['text']}"}
        for n, story in enumerate(STORIES)
        for kind in KINDS
    ]
    folder = tmp_path / "authored"
    folder.mkdir()
    text = "\n".join(json.dumps(line) for line in lines)
    (folder / "train_bridge.jsonl").write_text(text, encoding="utf-8")
    (folder / "train_bridge_stories.json").write_text(json.dumps(STORIES), encoding="utf-8")
    return tmp_path


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Word pieces as they are served, for environments that have no weights to train from."""
    monkeypatch.setattr(encode, "tokenizer", reading.tokenizer)
    encode.stories.cache_clear()
    return lambda text: reading.tokenizer().encode(text, add_special_tokens=False).tokens
