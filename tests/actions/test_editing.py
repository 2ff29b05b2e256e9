"""Writers edit and withdraw what they wrote."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import posting
from comity.errors import Conflict, Forbidden
from comity.models import Comment, Decision, Status
from tests.cast import INSULT, NOW, SWEARING, Cast


def edit(people: Cast, comment: Comment, text: str, **changes) -> Comment:
    arguments = {"comment": comment, "author": people.ana, "text": text} | changes
    return people.do(posting.edit, **arguments)


def test_an_edit_is_judged_like_a_new_comment(people: Cast):
    comment = people.post("The bridge is fine.")

    edited = edit(people, comment, f"The builder is a {INSULT}.", now=NOW + timedelta(minutes=5))

    assert (edited.status, edited.revision) == (Status.HELD, 2)
    assert people.thread() == []
    assert people.waiting() == [comment.id]
    history = people.read(queries.comment_file, comment.id).decisions
    assert [(made.occasion, made.status) for made in history] == [
        ("post", "published"),
        ("edit", "held"),
    ]
    better = edit(people, comment, "I do not like the railing at all.")
    assert (better.status, better.revision) == (Status.PUBLISHED, 3)
    assert people.waiting() == []
    assert people.thread() == [("I do not like the railing at all.", [])]


def test_an_edit_that_changes_nothing_is_none(people: Cast):
    comment = people.post("The bridge is fine.")

    assert edit(people, comment, "The bridge is fine.").revision == 1


def test_the_words_of_a_held_comment_cannot_be_disguised_by_an_edit(people: Cast):
    comment = people.post(f"Only a {INSULT} would cross this bridge.")

    edited = edit(people, comment, "Only a p-u-d-l-hed would cross this bridge.")

    assert edited.status is Status.HELD


def test_only_the_writer_edits(people: Cast):
    comment = people.post()
    edit(people, comment, "Better.")

    with pytest.raises(Forbidden, match="somebody else's"):
        edit(people, comment, "Worse.", author=people.bo)


def test_after_a_while_a_comment_stays_as_it_is(people: Cast):
    comment = people.post()
    edit(people, comment, "In time.", now=NOW + timedelta(minutes=15))

    with pytest.raises(Conflict, match="15 minutes"):
        edit(people, comment, "Too late.", now=NOW + timedelta(minutes=16))


def test_a_moderators_rejection_cannot_be_edited_away(people: Cast):
    by_machine, by_person = people.post(f"What the {SWEARING}."), people.post(f"You {INSULT}.")
    assert edit(people, by_machine, "I disagree.").status is Status.PUBLISHED
    people.decide(by_person)

    with pytest.raises(Forbidden, match="moderator has rejected"):
        edit(people, by_person, "I disagree.")


def test_an_edit_does_not_undo_what_a_moderator_decides_meanwhile(people: Cast, monkeypatch):
    comment = people.post(f"You {INSULT}.")
    judged = people.newsroom.judge

    def slowly(*arguments):
        people.decide(comment)
        return judged(*arguments)

    monkeypatch.setattr(people.newsroom, "judge", slowly)

    with pytest.raises(Conflict, match="just decided"):
        edit(people, comment, "I disagree.")
    assert people.again(comment).status is Status.REJECTED


def test_what_is_withdrawn_keeps_its_place_above_answers(people: Cast):
    root = people.post("First.")
    people.post("Second.", reply_to=root.id, by=people.bo)

    withdrawn = people.do(posting.withdraw, comment=root, author=people.ana)

    assert withdrawn.status is Status.WITHDRAWN
    assert people.thread() == [(None, ["Second."])]
    people.do(posting.withdraw, comment=root, author=people.ana)
    with pytest.raises(Conflict, match="withdrawn"):
        edit(people, root, "Again.")


def test_what_is_withdrawn_without_answers_is_gone(people: Cast):
    root = people.post("First.")
    reply = people.post("Second.", reply_to=root.id)
    people.do(posting.withdraw, comment=root, author=people.ana)
    assert people.thread() == [(None, ["Second."])]

    people.do(posting.withdraw, comment=reply, author=people.ana)

    assert people.thread() == []
    assert people.again(people.story).comments == 0


def test_only_the_writer_withdraws(people: Cast):
    comment = people.post()

    with pytest.raises(Forbidden):
        people.do(posting.withdraw, comment=comment, author=people.bo)

    people.do(posting.withdraw, comment=comment, author=people.ana)


def test_what_was_rejected_cannot_be_withdrawn_from_the_record(people: Cast):
    comment = people.post(f"You {INSULT}.")
    people.decide(comment)

    with pytest.raises(Conflict, match="rejected"):
        people.do(posting.withdraw, comment=comment, author=people.ana)


def test_whoever_waits_for_an_appeal_is_not_sent_to_withdraw_what_is_rejected(people: Cast):
    rejected = people.post(f"What the {SWEARING}.")
    people.appeal(
        person=people.ana,
        decision=people.read(lambda session: session.get_one(Decision, rejected.decision_id)),
    )
    flagged = people.post("I doubt it.")
    people.flag(flagged, by=people.cleo)

    with pytest.raises(Conflict) as waits:
        edit(people, rejected, "Fine.")
    with pytest.raises(Conflict) as may_withdraw:
        edit(people, flagged, "Fine.")

    assert waits.value.remedy == "Wait for the answer."
    assert "withdraw" in may_withdraw.value.remedy
    people.do(posting.withdraw, comment=flagged, author=people.ana)
