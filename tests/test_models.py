"""What must be true of the rows, whatever happens in whatever order."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from comity import db
from comity.actions import leaving, posting
from comity.errors import ComityError
from comity.models import (
    Appeal,
    CaseRow,
    Comment,
    Decision,
    Flag,
    Ruling,
    Status,
    Story,
    User,
    table_of,
)
from tests.cast import HOUNDING, INSULT, NOW, SNEER, SWEARING, Cast

STEPS = 60


@pytest.mark.parametrize("seed", range(4))
def test_status_and_thread_agree_with_the_decisions_after_whatever_happens(people: Cast, seed: int):
    happening = Happening(people, random.Random(seed))

    for _ in range(STEPS):
        happening.step()

    assert happening.succeeded > STEPS // 5
    with db.reading(people.database) as session:
        comments = {row.id: row for row in session.scalars(select(Comment))}
        decisions = {row.id: row for row in session.scalars(select(Decision))}
        story = session.get_one(Story, people.story.id)
        flags = session.scalars(select(Flag)).all()
        cases = {row.id: row for row in session.scalars(select(CaseRow))}
    for comment in comments.values():
        latest = decisions[comment.decision_id]
        assert (latest.comment_id, latest.status) == (comment.id, comment.status)
        assert len(chain(latest, decisions)) == sum(
            decision.comment_id == comment.id for decision in decisions.values()
        )
        assert cases[latest.case_id].comment_id == comment.id
        assert comment.answers == sum(
            other.parent_id == comment.id and other.shown for other in comments.values()
        )
        assert comment.shown == (comment.status is Status.PUBLISHED or comment.answers > 0)
        below = [other for other in comments.values() if other.root_id == comment.id]
        assert comment.replies == sum(other.status is Status.PUBLISHED for other in below)
        open_flags = [
            flag for flag in flags if flag.comment_id == comment.id and flag.answered_by is None
        ]
        waits = comment.status is Status.HELD or bool(open_flags)
        if comment.status is Status.WITHDRAWN:  # What was held goes on waiting.
            assert comment.urgency < 9 or not waits
        else:
            assert (comment.urgency < 9) == waits
    assert story.comments == sum(
        comment.status is Status.PUBLISHED for comment in comments.values()
    )


def chain(decision: Decision, decisions: dict) -> list[Decision]:
    """The decisions from the latest back to the first."""
    found = [decision]
    while found[-1].previous_id is not None:
        found.append(decisions[found[-1].previous_id])
    return found


class Happening:
    """One thing after another, chosen by chance; what is refused is refused."""

    def __init__(self, people: Cast, chance: random.Random) -> None:
        self.people, self.chance, self.succeeded, self.now = people, chance, 0, NOW

    def step(self) -> None:
        self.now += timedelta(minutes=self.chance.randrange(-3, 8))
        deed = self.chance.choice(
            [
                *(self.post, self.post, self.post, self.edit, self.withdraw, self.flag),
                *(self.decide, self.decide, self.undo, self.appeal, self.answer, self.leave),
            ]
        )
        try:
            deed()
        except (ComityError, IndexError):
            return
        self.succeeded += 1

    def any_of(self, kind: type):
        return self.chance.choice(
            self.people.read(lambda session: session.scalars(select(kind).order_by(kind.id)).all())
        )

    def reader(self) -> User:
        return self.chance.choice([self.people.ana, self.people.bo, self.people.cleo])

    def moderator(self) -> User:
        return self.chance.choice([self.people.mira, self.people.ed, self.people.olga])

    def text(self) -> str:
        words = ["fine", "fair", "good", SNEER, INSULT, SWEARING, HOUNDING]
        return f"That is {self.chance.choice(words)}, {self.chance.random()}."

    def post(self) -> None:
        reply_to = self.any_of(Comment).id if self.chance.random() < 0.7 else None
        self.people.post(self.text(), by=self.reader(), reply_to=reply_to, now=self.now)

    def edit(self) -> None:
        comment = self.any_of(Comment)
        author = self.people.read(lambda session: session.get_one(User, comment.author_id))
        self.people.do(posting.edit, comment=comment, author=author, text=self.text(), now=self.now)

    def withdraw(self) -> None:
        comment = self.any_of(Comment)
        author = self.people.read(lambda session: session.get_one(User, comment.author_id))
        self.people.do(posting.withdraw, comment=comment, author=author, now=self.now)

    def flag(self) -> None:
        self.people.flag(self.any_of(Comment), "profanity", by=self.reader(), now=self.now)

    def decide(self) -> None:
        outcome = self.chance.choice([Status.PUBLISHED, Status.REJECTED])
        self.people.decide(self.any_of(Comment), outcome, by=self.moderator(), now=self.now)

    def undo(self) -> None:
        self.people.undo(self.any_of(Comment), moderator=self.moderator(), now=self.now)

    def appeal(self) -> None:
        decision = self.any_of(Decision)
        person = self.people.read(
            lambda session: session.get_one(
                User, session.get_one(Comment, decision.comment_id).author_id
            )
        )
        self.people.appeal(person=person, decision=decision, now=self.now)

    def answer(self) -> None:
        ruling = self.chance.choice(list(Ruling))
        self.people.answer(self.any_of(Appeal), ruling, moderator=self.moderator(), now=self.now)

    def leave(self) -> None:
        if self.chance.random() < 0.05:
            reader = self.reader()
            self.people.do(leaving.erase, user=reader, by=reader, now=self.now)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_itself_keeps_decisions(people: Cast, change: str):
    comment = people.post()
    decisions = table_of(Decision)
    statement = {
        "update": decisions.update().values(note="It was never so."),
        "delete": decisions.delete(),
    }[change]

    with pytest.raises(DBAPIError, match="never changed"), people.database.begin() as connection:
        connection.execute(statement)

    assert people.again(comment).decision_id


def test_no_comment_without_its_decision(people: Cast):
    comment = people.post()
    comments = table_of(Comment)

    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), people.database.begin() as connection:
        connection.execute(comments.update().values(decision_id=comment.id))


def test_a_time_without_zone_is_refused_and_comes_back_as_utc(people: Cast):
    assert people.again(people.ana).created_at == NOW
    assert people.again(people.ana).created_at.tzinfo is not None

    with pytest.raises(Exception, match="must carry its zone"):
        people.post(now=datetime(2026, 6, 1))  # noqa: DTZ001
