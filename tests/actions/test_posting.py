"""Posting and previewing."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from comity import db, queries
from comity.actions import cases, posting, stories
from comity.case import Case
from comity.errors import BadInput, Conflict, NotFound, Sanctioned
from comity.guidelines import Measure
from comity.judge import Outcome
from comity.models import CaseRow, Comment, Decision, Nudge, Status
from tests.cast import BREAKS, HOUNDING, INSULT, NOW, SNEER, SWEARING, Cast, newsroom, story

NOWHERE = UUID(int=1)


def preview(people: Cast, text: str, **changes):
    arguments = {"story": people.story, "author": people.ana, "text": text, "reply_to": None}
    return people.do(posting.preview, **arguments | changes)


@pytest.mark.parametrize(
    ("text", "status", "urgency", "rules"),
    [
        ("The bridge is fine.", Status.PUBLISHED, 9, []),
        (f"{SNEER}, the bridge.", Status.PUBLISHED, 9, []),
        (f"You {INSULT}.", Status.HELD, 1, ["personal_attack"]),
        (f"We know where you live, {HOUNDING}.", Status.HELD, 0, ["harassment"]),
        (f"What the {SWEARING}.", Status.REJECTED, 9, ["profanity"]),
        (f"{BREAKS}", Status.HELD, 1, []),
    ],
)
def test_what_becomes_of_a_comment_is_what_the_guidelines_say(
    people: Cast, text: str, status: Status, urgency: int, rules: list[str]
):
    comment = people.post(text)

    assert (comment.status, comment.urgency) == (status, urgency)
    decision = people.read(lambda session: session.get_one(Decision, comment.decision_id))
    assert (decision.status, decision.rules, decision.by) == (status, rules, "machine")


def test_comment_case_and_decision_are_stored_together_or_not_at_all(people: Cast, monkeypatch):
    people.post()
    monkeypatch.setattr(posting.showing, "add", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        people.post("This one is lost on the way.")

    with db.reading(people.database) as session:
        for kind in (Comment, CaseRow, Decision):
            assert session.scalar(select(func.count()).select_from(kind)) == 1


def test_a_double_click_makes_one_comment(people: Cast):
    first = people.post(client_id="a click")

    second = people.post("Another text, even.", client_id="a click")

    assert second.id == first.id
    assert people.thread() == [(first.text, [])]
    assert people.post(client_id="another click").id != first.id


def test_clicks_at_the_same_moment_make_one_comment(people: Cast):
    found, at_once = [], threading.Barrier(4)

    def click() -> None:
        at_once.wait()
        found.append(people.post(client_id="a click").id)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert people.again(people.story).comments == 1


def test_the_same_click_of_another_reader_is_another_comment(people: Cast):
    assert people.post(client_id="1").id != people.post(client_id="1", by=people.cleo).id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing to read"),
        (" \n\t ", "nothing to read"),
        ("\u200b\u2060\ufeff\u3164", "nothing to read"),
        ("x" * 5_001, "5,001 characters"),
        ("x" * 20_000, "20,000 characters"),
        ("nul \0 inside", "not text"),
        ("half \ud800 a pair", "not text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(people: Cast, text: str, said: str):
    with pytest.raises(BadInput, match=said) as refused:
        people.post(text)

    assert refused.value.field == "text"
    assert refused.value.remedy


def test_long_and_strange_texts_are_stored_as_they_came(people: Cast):
    for text in ("x" * 5_000, "z" + "\u0301" * 2_000, "<b>bold</b> &amp; **more**", "😀", "\r\nx "):
        assert people.again(people.post(text)).text == text


@pytest.mark.parametrize("client_id", ["", "x" * 65, "\0"])
def test_a_click_without_a_proper_name_is_refused(people: Cast, client_id: str):
    with pytest.raises(BadInput) as refused:
        people.post(client_id=client_id)

    assert refused.value.field == "client_id"


def test_a_reply_stands_below_what_it_answers(people: Cast):
    root = people.post("First.")
    reply = people.post("Second.", reply_to=root.id)
    below = people.post("Third.", reply_to=reply.id)

    assert (root.root_id, root.depth) == (None, 0)
    assert (reply.parent_id, reply.root_id, reply.depth) == (root.id, root.id, 1)
    assert (below.parent_id, below.root_id, below.depth) == (reply.id, root.id, 2)
    assert people.thread() == [("First.", ["Second.", "Third."])]


def test_a_reply_to_nothing_is_refused(people: Cast):
    with pytest.raises(NotFound) as refused:
        people.post(reply_to=NOWHERE)

    assert refused.value.field == "reply_to"


def test_a_reply_to_another_storys_comment_is_refused(people: Cast):
    with db.transaction(people.database) as session:
        other = story(session, people.site, key="tunnel")
    comment = people.post(story=other)
    people.post(story=other, reply_to=comment.id)

    with pytest.raises(NotFound, match="not in this story"):
        people.post(reply_to=comment.id)


def test_a_reply_to_what_nobody_sees_is_refused(people: Cast):
    held = people.post(f"You {INSULT}.")

    with pytest.raises(Conflict, match="not public"):
        people.post(reply_to=held.id)


def test_a_closed_story_takes_no_more_comments(people: Cast):
    people.post()
    people.do(stories.set_open, story=people.story, is_open=False, by=people.ed)

    with pytest.raises(Conflict, match="no more comments"):
        people.post()


def test_what_changes_while_a_comment_is_judged_counts(people: Cast, monkeypatch):
    judged = people.newsroom.judge

    def slowly(*arguments):
        people.do(stories.set_open, story=people.story, is_open=False, by=people.ed)
        return judged(*arguments)

    monkeypatch.setattr(people.newsroom, "judge", slowly)

    with pytest.raises(Conflict, match="no more comments"):
        people.post()


def test_a_blocked_reader_is_told_why_until_when_and_where_to_appeal(people: Cast):
    people.post(by=people.bo)
    made = people.sanction(Measure.SUSPEND, reason="You followed Cleo.", days=7)

    with pytest.raises(Sanctioned, match="You followed Cleo") as refused:
        people.post(by=people.bo)

    assert refused.value.until == NOW + timedelta(days=7)
    assert "08 June 2026" in refused.value.message
    assert str(made.id) in refused.value.remedy
    people.post(by=people.bo, now=NOW + timedelta(days=8))


def test_a_case_holds_all_that_was_judged(people: Cast):
    root = people.post("First.")
    reply = people.post("Second.", reply_to=root.id)
    comment = people.post(f"You {INSULT}.", reply_to=reply.id, by=people.bo)

    file = people.read(queries.comment_file, comment.id)
    with db.reading(people.database) as session:
        case: Case = cases.thaw(session, people.newsroom, file.case)

    assert (case.question.text, case.question.parent) == (comment.text, "Second.")
    assert case.question.thread == ["First."]
    assert case.question.story.headline == "The new bridge opens"
    assert case.answer.outcome == "hold"
    assert case.answer.guidelines == people.newsroom.packaged.version


def test_a_chain_of_ten_thousand_replies_can_go_on(people: Cast):
    bottom = people.post("Bottom.")
    chain(people, bottom, 10_000)
    last = people.read(
        lambda session: session.scalar(select(Comment).order_by(Comment.depth.desc()))
    )
    assert last.depth == 10_000

    reply = people.post("One more.", reply_to=last.id)

    assert reply.depth == 10_001
    place = people.read(queries.place_of, reply.id)
    assert [above.depth for above in place.ancestors] == list(range(10_001))
    people.do(posting.withdraw, comment=reply, author=people.ana)


def chain(people: Cast, bottom: Comment, length: int) -> None:
    """Stack copies of a comment upon it without going through the door ten thousand times."""
    with db.transaction(people.database) as session:
        columns = [column.name for column in Comment.__table__.columns]
        rows, parent = [], bottom.id
        for depth in range(1, length + 1):
            row = {name: getattr(bottom, name) for name in columns}
            row |= {
                "id": posting.uuid7(),
                "parent_id": parent,
                "root_id": bottom.id,
                "depth": depth,
                "client_id": f"chain {depth}",
                "answers": 1 if depth < length else 0,
            }
            parent = row["id"]
            rows.append(row)
        session.execute(Comment.__table__.insert(), rows)


def test_a_preview_says_what_would_become_of_it_and_keeps_no_words(people: Cast):
    assert preview(people, "The bridge is fine.").outcome is Outcome.PUBLISH
    assert preview(people, f"{SNEER}, the bridge.").nudge == ("incivility",)

    verdict = preview(people, f"Only a {INSULT} would cross it.")

    assert verdict.outcome is Outcome.HOLD
    with db.reading(people.database) as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 0
        nudge = session.scalars(select(Nudge)).one()
        assert nudge.struck
        assert all(len(kept) == 8 for kept in nudge.kept)


def test_a_copy_of_what_was_nudged_with_the_words_disguised_is_held(people: Cast):
    preview(people, f"Only a {INSULT} would cross this bridge.")

    disguised = people.post("Only a p-u-d-l-hed would cross this bridge.")

    assert disguised.status is Status.HELD
    assert people.read(queries.comment_file, disguised.id).case.record.count("near_copy") == 2


def test_who_takes_the_words_out_or_says_it_otherwise_is_published(people: Cast):
    preview(people, f"Only a {INSULT} would cross this bridge.")

    assert people.post("Only a would cross this bridge.").status is Status.PUBLISHED
    assert people.post("I would rather swim, to be honest.").status is Status.PUBLISHED
    assert people.post("Only a fool crosses it.", by=people.cleo).status is Status.PUBLISHED


def test_a_nudge_is_forgotten_after_a_day(people: Cast):
    preview(people, f"Only a {INSULT} would cross this bridge.")
    disguised = "Only a p-u-d-l-hed would cross this bridge."
    assert people.post(disguised, by=people.ana).status is Status.HELD

    later = people.post(disguised, now=NOW + timedelta(days=3))

    assert later.status is Status.PUBLISHED


def test_copies_and_standing_reach_the_detectors(people: Cast):
    people.post("Buy my tickets!")
    people.post("buy   MY tickets")
    rejected = people.post(f"You {INSULT}.")
    people.decide(rejected)
    by_machine = people.post(f"What the {SWEARING}.")
    assert by_machine.status is Status.REJECTED

    last = people.post("Buy my tickets.", now=NOW + timedelta(hours=23))

    with db.reading(people.database) as session:
        file = queries.comment_file(session, last.id)
        case = cases.thaw(session, people.newsroom, file.case)
    author = case.question.author
    assert (author.published, author.rejected, author.copies) == (2, 1, 2)


def test_time_for_judging_is_limited(people: Cast):
    people.newsroom = newsroom(judge_milliseconds=0)

    comment = people.post("The bridge is fine.")

    assert comment.status is Status.HELD
    assert people.waiting() == [comment.id]
