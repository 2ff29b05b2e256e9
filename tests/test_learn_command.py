"""`comity learn` on an installation: from people's decisions to an adapter that is on."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update

from comity import db
from comity.cli import main
from comity.models import AdapterRow, Status
from tests import cast
from tests.cast import Cast

TOWNS = ("Arden", "Bray", "Corfe", "Deal", "Esher", "Frome", "Goole", "Hove", "Ilkley", "Jarrow")


@pytest.fixture
def office(database: Engine, run, monkeypatch) -> Cast:
    """A newsroom whose moderators have decided on sixty comments; Edna is its editor."""
    monkeypatch.setenv("COMITY_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COMITY_SECRET", "s" * 32)
    monkeypatch.setenv("COMITY_ENCODER", "true")
    people = cast.everybody(database, cast.newsroom())
    with db.transaction(database) as session:  # One would be suspended before long.
        writers = [cast.person(session, town) for town in TOWNS]
    for town, writer in zip(TOWNS, writers, strict=True):
        for who in ("A", "The"):
            people.decide(people.post(f"{who} lamplighter from {town}.", by=writer))
        for who in ("A nurse", "A cat", "Gulls"):
            people.decide(people.post(f"{who} from {town}, {cast.INSULT}."), Status.PUBLISHED)
        people.decide(people.post(f"I was an idiot to go to {town}."), Status.PUBLISHED)
    run("user", "add", "edna", "--password", "correct horse battery", "--role", "editor")
    return people


def listed(run) -> list[dict]:
    return json.loads(run("learn", "list", "--json"))


def test_from_decisions_to_an_adapter_that_is_on_and_back(office, run):
    said = run("learn", "--by", "edna")
    [row] = listed(run)
    assert "worth it" in said
    assert "paired bootstrap" in said
    assert "switched off" in said
    assert (row["on"], row["usable"]) == (False, True)
    assert row["labels"]["personal_attack"]["breaches"] == 20
    assert row["labels"]["personal_attack"]["fair"] == 40

    assert "comity learn off" in run("learn", "on", row["version"][:10], "--by", "edna")
    assert listed(run)[0]["on"]
    assert row["version"][:12] in run("learn", "list")
    assert f"main: adapter {row['version'][:12]}" in doctor()["learnt"]["says"]

    with db.transaction(office.database) as session:  # As after an upgrade of the engine.
        session.execute(update(AdapterRow).values(engine="an older one"))
    found = doctor()["learnt"]
    assert not found["ok"]
    assert "another engine" in found["says"]
    assert "Learn anew" in found["says"]
    assert "for another engine" in run("learn", "list")

    assert "No adapter is on" in run("learn", "off", "--by", "edna")
    assert not listed(run)[0]["on"]
    assert doctor()["learnt"]["says"] == "no adapter is on"


def test_it_may_be_switched_on_at_once_and_told_as_json(office, run):
    told = json.loads(run("learn", "--by", "edna", "--switch-on", "--json"))

    [row] = listed(run)
    assert (row["version"], row["on"]) == (told["version"], True)
    [measured] = told["measured"]
    assert measured["label"] == "personal_attack"
    assert measured["low"] > 0
    assert measured["caught"][1] > measured["caught"][0]


def test_who_may_not_learn_is_told_and_nothing_is_kept(office, run):
    run("user", "add", "mo", "--password", "correct horse battery", "--role", "moderator")

    for login in ("mo", "nobody"):
        result = CliRunner().invoke(main, ["learn", "--by", login])
        assert result.exit_code == 2, result.output

    assert listed(run) == []
    assert "nothing yet" in run("learn", "list")


def test_without_the_language_model_it_says_what_to_set(office, run, monkeypatch):
    monkeypatch.setenv("COMITY_ENCODER", "false")

    result = CliRunner().invoke(main, ["learn", "--by", "edna"])

    assert result.exit_code == 2
    assert "COMITY_ENCODER=true" in result.stderr


def test_a_site_without_decisions_has_nothing_to_learn_from(office, run):
    said = run("learn", "--site", "other", "--by", "edna", status=1)

    assert "nothing to learn from" in said


def doctor() -> dict[str, dict]:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    return {entry["what"]: entry for entry in json.loads(result.stdout)}
