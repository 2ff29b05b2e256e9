"""Read this first: one comment on its way from the writer's hand to the public page."""

from datetime import timedelta

from comity import queries
from comity.actions import appealing
from comity.models import Ruling, Status
from tests.cast import INSULT, NOW, Cast


def test_a_comment_is_held_rejected_appealed_and_published_at_last(people: Cast):
    # Bo writes what the guidelines want a person to read first. It is stored, and not public.
    comment = people.post(f"Only a {INSULT} would take the tram.", by=people.bo)
    assert comment.status is Status.HELD
    assert people.thread() == []

    # It waits for the moderators of its site, with the rule that it seems to break.
    waiting, _ = people.read(queries.queue, [people.site.id])
    assert [(entry.id, entry.rules) for entry in waiting] == [(comment.id, ["personal_attack"])]

    # Mira rejects it under that rule. It leaves the queue.
    decision = people.decide(comment, Status.REJECTED, "personal_attack", by=people.mira)
    assert people.waiting() == []

    # Bo appeals, and Olga, who had no part in it, agrees with Bo.
    tomorrow = NOW + timedelta(days=1)
    appeal = people.do(
        appealing.appeal,
        person=people.bo,
        decision=decision,
        text="It is what we call each other in the tram club.",
        now=tomorrow,
    )
    people.do(
        appealing.answer,
        appeal=appeal,
        moderator=people.olga,
        ruling=Ruling.REVERSED,
        answer="So it is. Your comment is public now.",
        now=tomorrow,
    )

    # It is public, and every step stands in its history.
    assert people.thread() == [(comment.text, [])]
    file = people.read(queries.comment_file, comment.id)
    assert [(made.by, made.occasion, made.status) for made in file.decisions] == [
        ("machine", "post", "held"),
        ("person", "queue", "rejected"),
        ("person", "appeal", "published"),
    ]
