"""Everything out, everything in: what an archive keeps, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from comity import db
from comity.actions import (
    flagging,
    learning,
    leaving,
    posting,
    sanctioning,
    sites,
    stories,
    users,
)
from comity.actions.newsroom import publish_guidelines
from comity.cli import main
from comity.detectors.adapter import Adapter, Learnt
from comity.findings import Label
from comity.guidelines import Measure
from comity.importers.parts import Article, Photograph
from comity.models import AdapterInForce, Base, Ruling, Status
from tests import cast
from tests.cast import GUIDELINES_TEXT, HOUNDING, INSULT, NOW, WEARY, Cast

DIFFICULT = '¡Señor! 👩‍👩‍👧 \u202e \u0301 \\ "quoted" <b> \ud7ff line\nfeed\ttab 日本語'
EVERYTHING = {
    (name, str(column.name))
    for name, table in Base.metadata.tables.items()
    for column in table.columns
}


def furnish(people: Cast) -> None:
    """Make what a publisher makes."""
    article = Article(
        headline=DIFFICULT,
        deck="Deck.",
        byline="By Somebody",
        dateline="PORT ELLERY",
        published_at="2026-05-31T23:59:59.123456+05:30",
        body=["One.", "Two."],
        photographs=[Photograph(caption="A bridge", credit="Who", url=None)],
        section="Sport",
        url="https://news.example/a?b=c",
    )
    made = {"slug": "third", "name": "Third", "origins": ["https://news.example"], "now": NOW}
    with db.transaction(people.database) as session:
        site = sites.create(session, people.newsroom, **made)
        story = {"site": site, "key": "é", "article": article, "sensitive": True}
        stories.save(session, people.newsroom, **story, now=NOW)
        users.register(session, None, name="Local", login="local", hashed="$argon2id$…", now=NOW)
    own = '# Ours\n\n```comity\nextends = "publisher"\n```\n'
    people.do(publish_guidelines, text=GUIDELINES_TEXT + "\n", site=None, by=people.olga)
    people.do(publish_guidelines, text=own, site=people.site, by=people.ed)
    learn(people)


def learn(people: Cast) -> None:
    """Let two things be learnt, and one be on after the other."""
    learnt = Learnt([0.5, 1.0], 40, 20, [(0.5, 0)], 0.1, 0.05, 0.15)
    with db.transaction(people.database) as session:
        before = None
        for engine in ("one", "two"):
            adapter = Adapter(engine, {Label.SPAM: learnt})
            given = {"site": people.site, "adapter": adapter, "by": people.ed, "now": NOW}
            row = learning.store(session, people.newsroom, **given)
            fields = {"site_id": row.site_id, "adapter_id": row.id, "by_id": row.by_id}
            on = AdapterInForce(before_id=before and before.id, since=NOW, **fields)
            session.add(on)
            session.flush()
            before = on


def discuss(people: Cast) -> None:
    """Let readers write, change their minds, flag and leave."""
    nudged = {"story": people.story, "author": people.ana, "text": INSULT, "reply_to": None}
    people.do(posting.preview, **nudged)
    root = people.post(DIFFICULT)
    for number in range(3):
        reply = people.post(f"Reply {number}.", by=people.cleo, reply_to=root.id)
    people.do(posting.edit, comment=reply, author=people.cleo, text="A later thought.")
    people.post("Well said.", reply_to=root.id)
    people.post(f"So {WEARY}.", by=people.cleo)
    people.do(posting.withdraw, comment=people.post("Never mind."), author=people.ana)
    people.do(flagging.flag, comment=root, reader=people.ed, rule="incivility", note=DIFFICULT)
    people.decide(root, Status.PUBLISHED)
    people.do(leaving.erase, user=people.cleo, by=people.cleo)


def quarrel(people: Cast) -> None:
    """Let moderators decide, undo and sanction, and readers appeal."""
    hounding = people.post(f"A {HOUNDING}.", by=people.bo)
    decision = people.decide(hounding, Status.REJECTED, "harassment")
    appeal = people.appeal(decision=decision)
    people.answer(appeal, Ruling.UPHELD)
    comment = people.post(f"You {INSULT}.")
    people.decide(comment)
    people.undo(comment, note="A mistake.")
    suspension = people.sanction(Measure.SUSPEND, days=7, reason=DIFFICULT)
    people.appeal(sanction=suspension)
    lifted = {"sanction": suspension, "moderator": people.ed, "because": "Enough."}
    people.do(sanctioning.lift, **lifted)


@pytest.mark.parametrize("first", ["sqlite", "postgresql"])
def test_an_archive_moves_between_databases_and_loses_nothing(
    run, monkeypatch, sqlite, postgresql, first
):
    def at(url: str) -> None:
        monkeypatch.setenv("COMITY_DATABASE_URL", url)

    here, there = (sqlite, postgresql) if first == "sqlite" else (postgresql, sqlite)
    people = cast.everybody(here, cast.newsroom())
    for happen in (furnish, discuss, quarrel):
        happen(people)

    at(here.url.render_as_string(hide_password=False))
    archive = run("export")
    rows = [json.loads(line) for line in archive.splitlines()[1:]]
    filled = {(row["table"], key) for row in rows for key, value in row["row"].items() if value}
    assert EVERYTHING - filled == set()
    at(there.url.render_as_string(hide_password=False))
    run("import", input=archive)
    moved = run("export")
    at("sqlite:///third.db")
    run("import", input=moved)
    back = run("export")

    assert moved.splitlines()[1:] == archive.splitlines()[1:]
    assert back.splitlines()[1:] == archive.splitlines()[1:]


def test_an_archive_brings_everything_back(run, tmp_path, monkeypatch):
    run("demo", "--no-serve")
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/demo/comity.db")
    archive = run("export")
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/copy.db")
    result = CliRunner().invoke(main, ["init"])
    assert result.exit_code == 0

    refused = CliRunner().invoke(main, ["import"], input=archive)
    (tmp_path / "copy.db").unlink()
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    run("import", input=archive)
    again = run("export")

    assert refused.exit_code == 2
    assert "not empty" in refused.stderr
    assert archive.splitlines()[1:] == again.splitlines()[1:]


def test_an_archive_with_a_broken_line_imports_nothing(run, tmp_path, monkeypatch):
    run("demo", "--no-serve")
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/demo/comity.db")
    lines = run("export").splitlines()
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")

    result = CliRunner().invoke(
        main, ["import"], input="\n".join([*lines[:3], "{broken", *lines[3:]])
    )

    assert result.exit_code == 2
    assert "Line 4" in result.stderr
    run("import", input="\n".join(lines))
