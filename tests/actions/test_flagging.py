"""Readers report comments."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import flagging, posting
from comity.errors import BadInput, Conflict, Forbidden, NotFound, Sanctioned, TooMany
from comity.models import Status
from tests.cast import INSULT, NOW, Cast, newsroom


def test_a_flagged_comment_stays_public_and_waits_for_a_moderator(people: Cast):
    comment = people.post("The builder is a fool.")

    flag = people.flag(comment, "harassment", by=people.cleo)

    assert (flag.rule, flag.answered_by) == ("harassment", None)
    assert people.thread() == [(comment.text, [])]
    assert people.waiting() == [comment.id]
    assert people.again(comment).urgency == 0


def test_the_gravest_flag_counts(people: Cast):
    comment = people.post()
    people.flag(comment, "harassment", by=people.cleo)

    people.flag(comment, "incivility", by=people.bo)

    assert people.again(comment).urgency == 0
    assert people.read(queries.queue, [people.site.id])[0][0].flags == 2


def test_one_reader_flags_a_comment_once(people: Cast):
    comment = people.post()
    people.flag(comment, by=people.cleo)

    with pytest.raises(Conflict, match="have flagged"):
        people.flag(comment, "profanity", by=people.cleo)

    people.flag(comment, by=people.bo)


def test_nobody_flags_their_own(people: Cast):
    comment = people.post()

    with pytest.raises(Forbidden, match="your own"):
        people.flag(comment, by=people.ana)


def test_only_what_is_public_can_be_flagged(people: Cast):
    comment = people.post(f"You {INSULT}.")

    with pytest.raises(NotFound):
        people.flag(comment, by=people.cleo)

    people.decide(comment, Status.PUBLISHED)
    people.flag(comment, by=people.cleo)


def test_a_flag_names_a_rule_of_the_guidelines(people: Cast):
    with pytest.raises(BadInput, match="no rule 'taste'") as refused:
        people.flag(people.post(), "taste", by=people.cleo)

    assert refused.value.field == "rule"
    assert "harassment" in refused.value.remedy


def test_a_note_has_an_end(people: Cast):
    comment = people.post()

    with pytest.raises(BadInput) as refused:
        people.do(
            flagging.flag,
            comment=comment,
            reader=people.cleo,
            rule="profanity",
            note="x" * 1_001,
        )

    assert refused.value.field == "note"


def test_flags_of_an_hour_are_counted(people: Cast):
    people.newsroom = newsroom(flags_per_hour=2)
    comments = [people.post(f"The bridge, part {part}.") for part in range(3)]
    for comment in comments[:2]:
        people.flag(comment, by=people.cleo)

    with pytest.raises(TooMany) as refused:
        people.flag(comments[2], by=people.cleo)

    assert refused.value.retry_after == 3_600
    people.flag(comments[2], by=people.bo)
    people.flag(comments[2], by=people.cleo, now=NOW + timedelta(hours=2))


def test_a_blocked_reader_flags_nothing_but_may_withdraw(people: Cast):
    own, other = people.post(by=people.bo), people.post()
    people.sanction()

    with pytest.raises(Sanctioned):
        people.flag(other, by=people.bo)
    with pytest.raises(Sanctioned):
        people.do(posting.edit, comment=own, author=people.bo, text="Better.")

    withdrawn = people.do(posting.withdraw, comment=own, author=people.bo)
    assert withdrawn.status is Status.WITHDRAWN
