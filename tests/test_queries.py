"""What is read: the public thread, what is one's own, the moderators' desk."""

from uuid import UUID

import pytest

from comity import queries
from comity.actions import posting
from comity.errors import BadInput, NotFound
from comity.models import Status
from comity.queries import Sort
from comity.queries.thread import REPLIES
from tests.cast import HOUNDING, INSULT, SWEARING, Cast

NOWHERE = UUID(int=1)


def texts(page: queries.ThreadPage) -> list[str | None]:
    return [root.comment.text for root in page.items]


def page(people: Cast, sort: Sort = Sort.NEWEST, **options) -> queries.ThreadPage:
    return people.read(queries.thread_page, people.story.id, sort=sort, **options)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEWEST, ["4", "3", "2", "1", "0"]),
        (Sort.OLDEST, ["0", "1", "2", "3", "4"]),
        (Sort.REPLIES, ["1", "3", "4", "2", "0"]),
    ],
)
def test_threads_come_in_the_order_asked_for_page_by_page(people: Cast, sort: Sort, order: list):
    roots = [people.post(str(number)) for number in range(5)]
    for number in (1, 1, 3):
        people.post("An answer.", reply_to=roots[number].id)

    assert texts(page(people, sort)) == order
    assert page(people, sort).next is None
    first = page(people, sort, limit=2)
    second = page(people, sort, limit=2, after=first.next)
    third = page(people, sort, limit=2, after=second.next)
    assert texts(first) + texts(second) + texts(third) == order
    assert third.next is None


def test_a_thread_shows_its_first_replies_and_where_more_begin(people: Cast):
    root, other = people.post("Root."), people.post("Other.")
    replies = [people.post(f"Reply {n}.", reply_to=root.id) for n in range(REPLIES + 3)]
    people.post("Only one.", reply_to=other.id)

    small, long = page(people).items

    assert [reply.text for reply in small.items] == ["Only one."]
    assert small.more is None
    assert [reply.id for reply in long.items] == [reply.id for reply in replies[:REPLIES]]
    assert long.comment.replies == REPLIES + 3
    rest, next = people.read(queries.replies_page, root.id, after=long.more)
    assert [reply.id for reply in rest] == [reply.id for reply in replies[REPLIES:]]
    assert next is None
    some, mark = people.read(queries.replies_page, root.id, limit=5)
    more, _ = people.read(queries.replies_page, root.id, after=mark, limit=5)
    assert [reply.id for reply in some + more] == [reply.id for reply in replies[:10]]


def test_a_place_holder_tells_neither_words_nor_name_nor_time_of_editing(people: Cast):
    root = people.post("Root.", by=people.bo)
    people.do(posting.edit, comment=root, author=people.bo, text="Root, edited.")
    reply = people.post("Reply.", reply_to=root.id)
    shown = page(people).items[0].comment
    assert (shown.author_name, shown.text) == ("Bo", "Root, edited.")
    assert shown.edited_at

    people.decide(root)

    holder = page(people).items[0].comment
    assert holder.status is Status.REJECTED
    assert (holder.author_id, holder.author_name, holder.text, holder.edited_at) == (None,) * 4
    assert people.read(queries.place_of, reply.id).ancestors == [holder]


def test_a_place_is_a_comment_with_all_above_it(people: Cast):
    root = people.post("One.")
    reply = people.post("Two.", reply_to=root.id)
    below = people.post("Three.", reply_to=reply.id)

    place = people.read(queries.place_of, below.id)

    assert (place.comment.text, place.story_id) == ("Three.", people.story.id)
    assert [above.text for above in place.ancestors] == ["One.", "Two."]


def test_what_nobody_sees_has_no_place(people: Cast):
    held = people.post(f"You {INSULT}.")

    for id in (held.id, NOWHERE):
        with pytest.raises(NotFound):
            people.read(queries.place_of, id)

    people.decide(held, Status.PUBLISHED)
    assert people.read(queries.place_of, held.id).comment.id == held.id


def test_other_stories_and_hidden_comments_are_not_in_the_thread(people: Cast):
    people.post(f"You {INSULT}.")
    people.post(f"What the {SWEARING}.")

    assert page(people) == queries.ThreadPage([], None)
    assert people.read(queries.thread_page, NOWHERE).items == []


def test_one_sees_all_of_ones_own(people: Cast):
    mine = [people.post(text, by=people.bo) for text in ("Fine.", f"You {INSULT}.", SWEARING)]
    people.post("Somebody else's.")

    found = people.read(queries.mine, people.story.id, people.bo.id)

    assert [(own.id, own.status, own.text) for own in found] == [
        (comment.id, comment.status, comment.text) for comment in reversed(mine)
    ]


def test_one_sees_what_one_has_flagged(people: Cast):
    comment = people.post()
    assert people.read(queries.flagged_by, people.story.id, people.cleo.id) == []

    people.flag(comment, by=people.cleo)

    assert people.read(queries.flagged_by, people.story.id, people.cleo.id) == [comment.id]
    assert people.read(queries.flagged_by, people.story.id, people.bo.id) == []
    assert people.read(queries.flagged_by, NOWHERE, people.cleo.id) == []


def test_one_sees_the_decisions_that_stopped_or_restored_ones_comments(people: Cast):
    people.post("Fine.", by=people.bo)
    held = people.post(f"You {INSULT}.", by=people.bo)
    rejected = people.decide(held)
    people.appeal(decision=rejected)
    people.post(f"What the {SWEARING}.", by=people.ana)

    found, next = people.read(queries.my_decisions, people.bo.id)

    assert [(own.status, own.by, own.is_latest) for own in found] == [
        ("rejected", "person", True),
        ("held", "machine", False),
    ]
    assert found[0].appealed_at
    assert (found[0].site, found[0].story_key, next) == ("main", "bridge", None)
    first, mark = people.read(queries.my_decisions, people.bo.id, limit=1)
    second, _ = people.read(queries.my_decisions, people.bo.id, limit=1, after=mark)
    assert first + second == found


def test_the_queue_holds_the_sites_asked_for_page_by_page(people: Cast):
    minor = people.post("Rude.")
    people.flag(minor, "incivility", by=people.cleo)
    serious = [people.post(f"You {INSULT} {n}.") for n in range(3)]
    severe = people.post(f"You {HOUNDING}.")
    expected = [severe.id, *(comment.id for comment in serious), minor.id]

    found, mark, read = [], None, 0
    while mark or not read:
        entries, mark = people.read(queries.queue, [people.site.id], after=mark, limit=2)
        found += [entry.id for entry in entries]
        read += 1

    assert (found, read) == (expected, 3)
    assert people.read(queries.queue, [people.other_site.id]) == ([], None)
    assert people.read(queries.queue, []) == ([], None)


def test_a_file_holds_what_a_moderator_needs(people: Cast):
    parent = people.post("The bridge is fine.")
    comment = people.post("You fool.", by=people.bo, reply_to=parent.id)
    people.flag(comment, by=people.cleo)

    file = people.read(queries.comment_file, comment.id)

    assert (file.parent.id, file.parent_name, file.story.headline) == (
        parent.id,
        "Ana",
        "The new bridge opens",
    )
    [flag] = file.flags
    assert (flag.rule, flag.reader_name, flag.is_open) == ("personal_attack", "Cleo", True)
    assert file.case.record
    with pytest.raises(NotFound):
        people.read(queries.comment_file, NOWHERE)


def test_a_record_tells_breaches_and_how_good_the_flags_were(people: Cast):
    bad, good = people.post("You fool.", by=people.bo), people.post("The bridge is fine.")
    for comment in (bad, good):
        people.flag(comment, by=people.cleo)
    people.decide(bad, Status.REJECTED, "personal_attack", "profanity")
    people.decide(good, Status.PUBLISHED)
    people.post(f"You {INSULT}.", by=people.bo)

    bo = people.read(queries.person_record, people.bo.id, people.site.id)
    cleo = people.read(queries.person_record, people.cleo.id, people.site.id)

    assert (bo.published, bo.held, bo.rejected, bo.withdrawn) == (0, 1, 1, 0)
    assert bo.breaches == {"personal_attack": 1, "profanity": 1}
    assert (cleo.flags_made, cleo.flags_right) == (2, 1)
    with pytest.raises(NotFound):
        people.read(queries.person_record, NOWHERE, people.site.id)


def test_the_log_tells_what_was_restricted_or_decided_by_people(people: Cast):
    people.post("Fine.")
    held = people.post(f"You {INSULT}.")
    people.post(f"What the {SWEARING}.")
    people.decide(held, Status.PUBLISHED)

    entries, next = people.read(queries.public_log, people.site.id)

    assert [(entry.by, entry.status) for entry in entries] == [
        ("person", "published"),
        ("machine", "rejected"),
    ]
    assert next is None
    first, mark = people.read(queries.public_log, people.site.id, limit=1)
    second, _ = people.read(queries.public_log, people.site.id, limit=1, after=mark)
    assert first + second == entries
    assert people.read(queries.public_log, people.other_site.id) == ([], None)


@pytest.mark.parametrize("mark", ["x", "1-x", "-1", "1-", "99999999999-" + "0" * 32, "é" * 32])
def test_a_page_mark_that_is_not_ours_is_refused(people: Cast, mark: str):
    for sort in Sort:
        with pytest.raises(BadInput) as refused:
            page(people, sort, after=mark)
        assert refused.value.field == "after"
    with pytest.raises(BadInput):
        people.read(queries.queue, [people.site.id], after=mark)
