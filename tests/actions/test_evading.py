"""Ways around the moderators that are closed."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import appealing, deciding, posting
from comity.errors import Conflict
from comity.models import Comment, Decision, Status
from tests.cast import INSULT, NOW, SWEARING, Cast


def edit(people: Cast, comment: Comment, text: str) -> Comment:
    return people.do(
        posting.edit, comment=comment, author=people.ana, text=text, now=NOW + timedelta(minutes=1)
    )


def test_a_flagged_comment_is_not_edited_until_a_moderator_answered(people: Cast):
    comment = people.post("The builder is a fool.")
    people.flag(comment, by=people.cleo)

    with pytest.raises(Conflict, match="as it stands"):
        edit(people, comment, "The builder is brave.")

    people.decide(comment, Status.PUBLISHED)
    assert edit(people, comment, "The builder is brave.").revision == 2


def test_under_appeal_a_comment_is_not_edited(people: Cast):
    comment = people.post(f"What the {SWEARING}.")
    decision = people.read(queries.comment_file, comment.id).decisions[-1]
    people.do(
        appealing.appeal,
        person=people.ana,
        decision=people.read(lambda session: session.get_one(Decision, decision.id)),
        text="It was a joke.",
    )

    with pytest.raises(Conflict, match="as it stands"):
        edit(people, comment, "I disagree.")


@pytest.mark.parametrize("same", [" You {0}. ", "You  {0}.\n", "You\u200b {0}."])
def test_blanks_do_not_shut_a_moderator_out(people: Cast, same: str):
    comment = people.post(f"You {INSULT}.")

    assert edit(people, comment, same.format(INSULT)).decision_id == comment.decision_id

    people.do(
        deciding.decide,
        comment=comment,
        moderator=people.mira,
        outcome=Status.REJECTED,
        rules=["personal_attack"],
        note="",
        seen=comment.decision_id,
    )
    assert people.again(comment).status is Status.REJECTED
