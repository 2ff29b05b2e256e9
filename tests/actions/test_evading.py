"""Ways around the moderators that are closed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from comity import db, queries
from comity.actions import cases, deciding, leaving, nudging, posting, sanctioning, users
from comity.actions.newsroom import Newsroom
from comity.errors import Conflict, Forbidden, Sanctioned
from comity.guidelines import Measure
from comity.models import Comment, Decision, Role, Status, User
from comity.settings import Settings
from comity.text import fold
from tests.cast import ENGINE, GUIDELINES, HOUNDING, INSULT, NOW, SWEARING, Cast


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
    decision = people.read(lambda session: session.get_one(Decision, comment.decision_id))
    people.appeal(person=people.ana, decision=decision)

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


def withdraw(people: Cast, comment: Comment) -> None:
    author = people.read(lambda session: session.get_one(User, comment.author_id))
    people.do(posting.withdraw, comment=comment, author=author)


def test_who_withdraws_a_held_comment_does_not_escape_the_ladder(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    withdraw(people, comment)
    assert people.waiting() == [comment.id]

    people.decide(comment, Status.REJECTED, "harassment")

    assert (people.waiting(), people.thread()) == ([], [])
    with pytest.raises(Sanctioned):
        people.post(by=people.bo)
    people.undo(comment)
    assert people.again(comment).status is Status.WITHDRAWN
    assert people.waiting() == [comment.id]
    people.post(by=people.bo)


def test_who_withdraws_a_flagged_comment_still_meets_a_moderator(people: Cast):
    comment = people.post("The builder is a fool.", by=people.bo)
    flag = people.flag(comment, by=people.cleo)
    withdraw(people, comment)
    assert people.waiting() == [comment.id]

    decision = people.decide(comment, Status.PUBLISHED)

    assert decision.status is Status.WITHDRAWN
    assert people.again(flag).answered_by == decision.id
    assert (people.waiting(), people.thread()) == ([], [])


def test_an_appeal_brings_nothing_back_that_its_writer_withdrew(people: Cast):
    comment = people.post(f"You {INSULT}.")
    withdraw(people, comment)
    decision = people.decide(comment)
    appeal = people.appeal(person=people.ana, decision=decision)

    people.answer(appeal)

    assert people.again(comment).status is Status.WITHDRAWN


def measures(people: Cast) -> list[str]:
    return [
        made.measure
        for made in people.read(queries.sanctions_of, people.bo.id)
        if made.lifted_at is None
    ]


@pytest.mark.parametrize("way", ["undone", "published", "appealed"])
def test_a_sanction_ends_when_a_breach_that_it_counted_was_none(people: Cast, way: str):
    first, second = (people.post(f"You {INSULT} {number}.", by=people.bo) for number in (1, 2))
    decision = people.decide(first)
    people.decide(second)
    assert measures(people) == ["premoderate"]

    if way == "undone":
        people.undo(first)
    elif way == "published":
        people.decide(first, Status.PUBLISHED)
    else:
        people.answer(people.appeal(decision=decision))

    assert measures(people) == []


def test_a_sanction_stays_while_breaches_enough_are_left(people: Cast):
    comments = [people.post(f"You {INSULT} {number}.", by=people.bo) for number in range(3)]
    for comment in comments:
        people.decide(comment)
    assert measures(people) == ["suspend", "premoderate"]

    people.undo(comments[2])

    assert measures(people) == ["premoderate"]


def meanwhile(people: Cast, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once while the next comment is judged."""
    judged, left = people.newsroom.judge, [happens]

    def slowly(*arguments):
        verdict = judged(*arguments)
        while left:
            left.pop()()
        return verdict

    monkeypatch.setattr(people.newsroom, "judge", slowly)


def test_who_comes_under_premoderation_while_writing_is_read_first(people: Cast, monkeypatch):
    meanwhile(people, monkeypatch, lambda: people.sanction(Measure.PREMODERATE))

    assert people.post(by=people.bo).status is Status.HELD


def test_who_leaves_while_a_comment_is_judged_has_posted_none(people: Cast, monkeypatch):
    meanwhile(people, monkeypatch, lambda: people.do(leaving.erase, user=people.bo, by=people.bo))

    with pytest.raises(Forbidden, match="erased"):
        people.post(by=people.bo)


def test_copies_sent_at_once_are_counted(people: Cast, monkeypatch):
    meanwhile(people, monkeypatch, lambda: people.post("Buy tickets!", by=people.bo))

    last = people.post("Buy tickets.", by=people.bo)

    with db.reading(people.database) as session:
        file = queries.comment_file(session, last.id)
        assert cases.thaw(session, people.newsroom, file.case).question.author.copies == 1


def test_staff_of_any_site_are_not_sanctioned_everywhere(people: Cast):
    with pytest.raises(Forbidden, match="staff"):
        people.sanction(user=people.max, site=None, moderator=people.olga)

    people.sanction(user=people.cleo, site=None, moderator=people.olga)


def test_nobody_lifts_a_sanction_of_their_own(people: Cast):
    made = people.sanction(user=people.max)
    grant = {"user": people.max, "site": people.site, "role": Role.MODERATOR}
    people.do(users.grant, by=people.olga, **grant)
    lift = {"sanction": made, "because": "I am back."}

    with pytest.raises(Forbidden, match="of their own"):
        people.do(sanctioning.lift, moderator=people.max, **lift)

    people.do(sanctioning.lift, moderator=people.mira, **lift)


def test_deciding_the_same_again_starts_no_sanction_anew(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    people.decide(comment, Status.REJECTED, "harassment")

    with pytest.raises(Conflict, match="already"):
        people.decide(comment, Status.REJECTED, "harassment", by=people.ed)

    assert len(people.read(queries.sanctions_of, people.bo.id)) == 1


def test_moderators_see_no_sanctions_of_another_site(people: Cast):
    people.sanction(site=people.other_site, moderator=people.max)
    everywhere = people.sanction(site=None, moderator=people.olga)

    here = people.read(queries.person_record, people.bo.id, people.site.id)
    there = people.read(queries.person_record, people.bo.id, people.other_site.id)

    assert [one.id for one in here.sanctions] == [everywhere.id]
    assert len(there.sanctions) == 2


def test_without_a_secret_no_two_servers_make_the_same_hashes():
    def hashes(secret: str) -> set[str]:
        room = Newsroom(Settings(secret=secret), ENGINE, GUIDELINES)
        return nudging.hashes(room, UUID(int=1), fold("The bridge is fine."))

    assert hashes("a secret of theirs") == hashes("a secret of theirs")
    assert not hashes("") & hashes("")
