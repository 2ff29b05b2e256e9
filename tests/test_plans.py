# ruff: noqa: ARG005  Each read and write is handed the same.
"""Every hot query goes by an index, on both databases, and none reads a big table through.

PostgreSQL's planner rightly reads tables as small as a test's from end to end; so it is told not to
where it can help it. What it reads so all the same has no index to go by.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from comity import queries
from comity.actions import posting, replaying, retaining, sanctioning
from comity.queries import Sort
from tests.cast import INSULT, NOW, Cast

BIG = "comments|cases|decisions|flags|nudges|users|sanctions|appeals|stories|story_texts"
Statements = list[tuple[str, Any]]


@contextmanager
def overheard(engine: Engine) -> Iterator[Statements]:
    """Collect the statements that are sent to the database."""
    said: Statements = []

    def listen(*arguments) -> None:
        statement, parameters = arguments[2:4]
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            said.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


def plans(engine: Engine, said: Statements) -> list[tuple[str, str]]:
    """Return each statement with its plan."""
    found = []
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        for statement, parameters in said:
            rows = connection.exec_driver_sql(f"{how} {statement}", parameters).all()
            found.append((statement, "\n".join(str(row[-1]) for row in rows)))
        connection.rollback()
    return found


def read_through(plan: str) -> list[str]:
    """Return the lines of a plan that read a big table from end to end."""
    through = re.compile(rf"^SCAN ({BIG})(?!.* USING )|Seq Scan on ({BIG})\b")
    return [line for line in plan.splitlines() if through.search(line)]


@pytest.fixture
def busy(people: Cast) -> Cast:
    """The cast with one of everything."""
    root = people.post("First.")
    reply = people.post("Second.", reply_to=root.id)
    people.post("Third.", reply_to=reply.id)
    people.flag(root, by=people.cleo)
    people.post(f"You {INSULT}.", by=people.bo)
    rejected = people.post(f"You {INSULT}, really.", by=people.bo)
    people.decide(rejected)
    return people


READS: dict[str, tuple[str, Callable[..., Any]]] = {
    "thread, newest": ("ix_comments_roots", lambda s, p, c: thread(s, p, Sort.NEWEST)),
    "thread, oldest": ("ix_comments_roots", lambda s, p, c: thread(s, p, Sort.OLDEST)),
    "thread, most replied": ("ix_comments_popular", lambda s, p, c: thread(s, p, Sort.REPLIES)),
    "first replies": ("ix_comments_thread", lambda s, p, c: thread(s, p, Sort.NEWEST)),
    "replies": ("ix_comments_thread", lambda s, p, c: queries.replies_page(s, c, after=c.hex)),
    "permalink": ("comments", lambda s, p, c: queries.place_of(s, c)),
    "one's own": ("ix_comments_author_story", lambda s, p, c: own(s, p)),
    "one's flags": ("ix_flags_user", lambda s, p, c: own(s, p)),
    "one's decisions": ("ix_comments_author", lambda s, p, c: own(s, p)),
    "one's sanctions": ("ix_sanctions_user", lambda s, p, c: own(s, p)),
    "queue": ("ix_comments_queue", lambda s, p, c: waiting(s, p, c.hex)),
    "file": ("ix_decisions_comment", lambda s, p, c: queries.comment_file(s, c)),
    "record": ("ix_comments_author", lambda s, p, c: queries.comment_file(s, c)),
    "appeals": ("ix_appeals_open", lambda s, p, c: queries.appeals_open(s, [p.site.id])),
    "log": ("ix_decisions_log", lambda s, p, c: queries.public_log(s, p.site.id, after=c.hex)),
    "story": ("uq_stories_site_id_key", lambda s, p, c: queries.story_by_key(s, "main", "bridge")),
    "sanctions": ("ix_sanctions_user", lambda s, p, c: in_force(s, p)),
    "replay": ("ix_cases_kept", lambda s, p, c: replay(s, p)),
}
STANDS_FOR = {"uq_stories_site_id_key": "sqlite_autoindex_stories|uq_stories_site_id_key"}


def thread(session, people: Cast, sort: Sort) -> None:
    after = f"5-{people.site.id.hex}" if sort is Sort.REPLIES else people.site.id.hex
    queries.thread_page(session, people.story.id, sort=sort)
    queries.thread_page(session, people.story.id, sort=sort, after=after)


def own(session, people: Cast) -> None:
    queries.mine(session, people.story.id, people.bo.id)
    queries.flagged_by(session, people.story.id, people.bo.id)
    queries.my_decisions(session, people.bo.id)
    queries.sanctions_of(session, people.bo.id)


def waiting(session, people: Cast, mark: str) -> None:
    queries.queue(session, [people.site.id])
    queries.queue(session, [people.site.id, people.other_site.id], after=f"1-{mark}")


def in_force(session, people: Cast) -> None:
    sanctioning.in_force(session, people.bo.id, people.site.id, NOW)


def replay(session, people: Cast) -> None:
    guidelines = people.newsroom.packaged
    list(replaying.replay(session, people.newsroom, guidelines=guidelines, since=NOW))


@pytest.mark.parametrize("read", READS)
def test_a_hot_read_goes_by_its_index(busy: Cast, read: str):
    index, query = READS[read]
    comment = busy.post("One to look at.", by=busy.cleo)

    with overheard(busy.database) as said:
        busy.read(query, busy, comment.id)

    found = plans(busy.database, said)
    assert [
        (statement, read_through(plan)) for statement, plan in found if read_through(plan)
    ] == []
    assert re.search(STANDS_FOR.get(index, index), "\n".join(plan for _, plan in found))


@pytest.mark.parametrize(
    "write",
    [
        lambda p, c: p.post("A reply.", reply_to=c.id),
        lambda p, c: p.flag(c, by=p.bo),
        lambda p, c: p.decide(c),
        lambda p, c: p.do(posting.edit, comment=c, author=p.ana, text=f"You {INSULT}."),
        lambda p, c: p.do(posting.withdraw, comment=c, author=p.ana),
        lambda p, c: p.do(retaining.sweep, now=NOW + timedelta(days=400)),
    ],
    ids=["post", "flag", "decide", "edit", "withdraw", "sweep"],
)
def test_a_write_looks_everything_up_by_an_index(busy: Cast, write):
    comment = busy.post("One to work on.", reply_to=busy.post("Above.").id)

    with overheard(busy.database) as said:
        write(busy, comment)

    found = plans(busy.database, said)
    assert len(found) > 3
    assert [
        (statement, read_through(plan)) for statement, plan in found if read_through(plan)
    ] == []


def test_a_table_read_through_would_be_seen(busy: Cast):
    said = [("SELECT id FROM comments WHERE text = 'x'", ())]

    [(_, plan)] = plans(busy.database, said)

    assert read_through(plan)


def test_posting_asks_little_of_the_database(busy: Cast):
    with overheard(busy.database) as said:
        busy.post("A reply.", reply_to=busy.post("Above.").id)

    assert len(said) <= 40
