"""Read this first: one comment on its way from the writer's hand to the public page."""

from datetime import timedelta

from comity import db, queries
from comity.actions import appealing
from comity.models import Comment, Decision, Ruling, Status, User
from tests.cast import INSULT, NOW, Cast


def test_a_comment_is_held_rejected_appealed_and_published_at_last(people: Cast):
    # Bo writes what the guidelines want a person to read first. It is stored, and not public.
    comment = people.post(f"Only a {INSULT} would take the tram.", by=people.bo)
    assert comment.status is Status.HELD
    with db.reading(people.database) as session:
        assert queries.thread_page(session, people.story.id).items == []

    # It waits for the moderators of its site, with the rule that it seems to break.
    with db.reading(people.database) as session:
        waiting, _ = queries.queue(session, [people.site.id])
        assert [(entry.id, entry.rules) for entry in waiting] == [(comment.id, ["personal_attack"])]

    # Mira rejects it under that rule. It leaves the queue.
    decision = people.decide(comment, Status.REJECTED, rules=("personal_attack",), by=people.mira)
    with db.reading(people.database) as session:
        assert queries.queue(session, [people.site.id]) == ([], None)

    # Bo appeals, and Olga, who had no part in it, agrees with Bo.
    later = NOW + timedelta(days=1)
    with db.transaction(people.database) as session:
        appeal = appealing.appeal(
            session,
            people.newsroom,
            person=session.get_one(User, people.bo.id),
            decision=session.get_one(Decision, decision.id),
            text="It is what we call each other in the fan club, and I am one.",
            now=later,
        )
        appealing.answer(
            session,
            people.newsroom,
            appeal=appeal,
            moderator=session.get_one(User, people.olga.id),
            ruling=Ruling.REVERSED,
            answer="So it is. It is public now.",
            now=later,
        )

    # It is public, and every step stands in its history.
    with db.reading(people.database) as session:
        page = queries.thread_page(session, people.story.id)
        assert [root.comment.text for root in page.items] == [comment.text]
        file = queries.comment_file(session, comment.id)
        assert [(made.by, made.occasion, made.status) for made in file.decisions] == [
            ("machine", "post", "held"),
            ("person", "queue", "rejected"),
            ("person", "appeal", "published"),
        ]
        assert session.get_one(Comment, comment.id).status is Status.PUBLISHED
