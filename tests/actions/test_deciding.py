"""Moderators decide, and take it back."""

import threading
from datetime import timedelta

import pytest

from comity import queries
from comity.actions import deciding
from comity.errors import BadInput, Conflict, Forbidden
from comity.models import Sanction, Status, User
from tests.cast import HOUNDING, INSULT, NOW, SWEARING, Cast


def sanctions(people: Cast, user) -> list[Sanction]:
    return people.read(queries.sanctions_of, user.id)


def test_a_moderator_publishes_what_was_held(people: Cast):
    comment = people.post(f"You {INSULT}.")

    decision = people.decide(comment, Status.PUBLISHED)

    assert people.thread() == [(comment.text, [])]
    assert (decision.by, decision.actor_id, decision.rules) == ("person", people.mira.id, [])
    assert not decision.confirmed


def test_a_moderator_rejects_under_a_rule(people: Cast):
    comment = people.post("The builder is a fool.")
    people.post("He is not.", reply_to=comment.id)

    decision = people.decide(comment, Status.REJECTED, "personal_attack", "profanity")

    assert decision.rules == ["personal_attack", "profanity"]
    assert decision.confirmed
    assert people.thread() == [(None, ["He is not."])]


@pytest.mark.parametrize(
    ("outcome", "rules", "field"),
    [
        (Status.REJECTED, [], "rules"),
        (Status.REJECTED, ["no_such_rule"], "rules"),
        (Status.HELD, ["profanity"], "outcome"),
        (Status.WITHDRAWN, ["profanity"], "outcome"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(people: Cast, outcome, rules, field):
    comment = people.post(f"You {INSULT}.")

    with pytest.raises(BadInput) as refused:
        people.do(
            deciding.decide,
            comment=comment,
            moderator=people.mira,
            outcome=outcome,
            rules=rules,
            note="",
            seen=comment.decision_id,
        )

    assert refused.value.field == field
    people.decide(comment)


def test_only_moderators_of_the_site_decide(people: Cast):
    comment = people.post(f"You {INSULT}.")

    for nobody in (people.max, people.cleo):
        with pytest.raises(Forbidden):
            people.decide(comment, by=nobody)

    people.decide(comment, by=people.mira)
    people.decide(comment, Status.PUBLISHED, by=people.ed)
    people.decide(comment, by=people.olga)


def test_nobody_decides_on_their_own(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.mira)

    with pytest.raises(Forbidden, match="of their own"):
        people.decide(comment, Status.PUBLISHED, by=people.mira)

    people.decide(comment, Status.PUBLISHED, by=people.ed)


def test_of_two_moderators_the_quicker_one_decides(people: Cast):
    comment = people.post(f"You {INSULT}.")
    people.decide(comment, Status.PUBLISHED, by=people.mira)

    with pytest.raises(Conflict, match="since you looked"):
        people.do(
            deciding.decide,
            comment=comment,
            moderator=people.ed,
            outcome=Status.REJECTED,
            rules=["personal_attack"],
            note="",
            seen=comment.decision_id,
        )
    assert people.again(comment).status is Status.PUBLISHED


def test_of_two_moderators_at_the_same_moment_one_decides(people: Cast):
    comments = [people.post(f"You {INSULT}, {number}.") for number in range(8)]
    at_once, done, refused = threading.Barrier(2, timeout=20), [], []

    def decide_all(moderator: User, outcome: Status) -> None:
        for comment in comments:
            at_once.wait()
            try:
                made = people.do(
                    deciding.decide,
                    comment=comment,
                    moderator=moderator,
                    outcome=outcome,
                    rules=["personal_attack"],
                    note="",
                    seen=comment.decision_id,
                )
                done.append((comment.id, made.id, made.status))
            except Conflict as error:
                refused.append((comment.id, error.status, str(error)))

    sides = ((people.mira, Status.PUBLISHED), (people.ed, Status.REJECTED))
    threads = [threading.Thread(target=decide_all, args=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [comment.id for comment in comments]
    said = "Somebody has decided on this comment since you looked. Look again."
    assert sorted(refused) == [(id, 409, said) for id in ids]
    now = [people.again(comment) for comment in comments]
    assert sorted(done) == [(one.id, one.decision_id, one.status) for one in now]
    for id in ids:
        assert len(people.read(queries.comment_file, id).decisions) == 2


def test_under_appeal_only_the_answer_decides(people: Cast):
    comment = people.post(f"You {INSULT}.")
    decision = people.decide(comment)
    people.appeal(person=people.ana, decision=decision)

    with pytest.raises(Conflict, match="appealed"):
        people.decide(comment, Status.PUBLISHED, by=people.ed)
    with pytest.raises(Conflict, match="appealed"):
        people.undo(comment)


def test_a_decision_answers_the_flags(people: Cast):
    comment = people.post("The builder is a fool.")
    flag = people.flag(comment, by=people.cleo)

    decision = people.decide(comment, Status.PUBLISHED)

    assert decision.occasion == "flag"
    assert people.again(flag).answered_by == decision.id
    assert people.waiting() == []


def test_undoing_puts_all_back_as_it_was(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.bo)
    people.decide(comment, Status.PUBLISHED)
    flag = people.flag(comment, by=people.cleo)
    people.decide(comment)
    assert people.thread() == []

    undone = people.undo(comment)

    assert (undone.status, undone.occasion) == (Status.PUBLISHED, "undo")
    assert people.thread() == [(comment.text, [])]
    assert people.waiting() == [comment.id]
    assert people.again(flag).answered_by is None


def test_undoing_brings_a_held_comment_back_to_the_queue(people: Cast):
    comment = people.post(f"You {HOUNDING}.")
    people.decide(comment, Status.PUBLISHED)

    people.undo(comment)

    assert people.waiting() == [comment.id]
    assert people.again(comment).urgency == 0


def test_undoing_lifts_the_sanction_that_followed(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    people.decide(comment, Status.REJECTED, "harassment")
    assert [(made.measure, made.lifted_at) for made in sanctions(people, people.bo)] == [
        ("block", None)
    ]

    people.undo(comment)

    assert [made.lifted_at for made in sanctions(people, people.bo)] == [NOW]
    people.post(by=people.bo)


def test_only_a_moderators_decision_can_be_undone(people: Cast):
    comment = people.post(f"What the {SWEARING}.")

    with pytest.raises(Conflict, match="taken back"):
        people.undo(comment)

    people.decide(comment, Status.PUBLISHED)
    people.undo(comment)
    assert people.again(comment).status is Status.REJECTED
    with pytest.raises(Conflict, match="taken back"):
        people.undo(comment)


def test_a_machines_rejection_brought_back_by_undoing_is_not_confirmed(people: Cast):
    comment = people.post(f"What the {SWEARING}.", by=people.bo)
    people.decide(comment, Status.REJECTED, "profanity")
    assert people.read(queries.person_record, people.bo.id, people.site.id).breaches == {
        "profanity": 1
    }

    people.undo(comment)

    assert people.again(comment).status is Status.REJECTED
    assert people.read(queries.person_record, people.bo.id, people.site.id).breaches == {}


def test_a_clock_that_runs_backwards_does_not_disturb_the_order(people: Cast):
    comment = people.post(f"You {INSULT}.", now=NOW)
    people.decide(comment, Status.PUBLISHED, now=NOW - timedelta(hours=2))
    people.decide(comment, Status.REJECTED, now=NOW - timedelta(hours=4))

    history = people.read(queries.comment_file, comment.id).decisions

    assert [made.status for made in history] == ["held", "published", "rejected"]
    assert people.again(comment).status is Status.REJECTED


def test_the_queue_is_gravest_first_then_oldest(people: Cast):
    minor = people.post("The builder is rude.")
    people.flag(minor, "incivility", by=people.cleo)
    first = people.post(f"You {INSULT}, one.")
    severe = people.post(f"You {HOUNDING}.")
    second = people.post(f"You {INSULT}, two.")

    assert people.waiting() == [severe.id, first.id, second.id, minor.id]
