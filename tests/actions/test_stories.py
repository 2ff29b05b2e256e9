"""Articles that can be commented on."""

from datetime import UTC, datetime

import pytest

from comity import queries
from comity.actions import stories
from comity.errors import BadInput, Forbidden, NotFound
from comity.importers.parts import Article, Photograph
from comity.models import Story
from tests.cast import Cast

ARTICLE = Article(
    headline="The tunnel opens",
    deck="At last",
    byline="By Cleo",
    dateline="Rivertown",
    published_at="2026-05-31T08:00:00+02:00",
    body=["One.", "Two."],
    photographs=[Photograph(caption="The mouth.", credit="C. Lens")],
    section="City",
    url="https://news.example.org/tunnel",
)


def save(people: Cast, article: Article = ARTICLE, key: str = "tunnel", **changes) -> Story:
    return people.do(stories.save, site=people.site, key=key, article=article, **changes)


def test_an_article_is_stored_with_all_its_parts(people: Cast):
    story = save(people)

    assert story.published_at == datetime(2026, 5, 31, 6, 0, tzinfo=UTC)
    assert story.photographs == [{"caption": "The mouth.", "credit": "C. Lens", "url": ""}]
    assert (story.body, story.open, story.sensitive) == (["One.", "Two."], True, False)
    assert people.read(queries.story_by_key, "main", "tunnel").id == story.id


def test_a_story_is_found_on_its_own_site_only(people: Cast):
    save(people)

    for site, key in (("other", "tunnel"), ("main", "no such"), ("nowhere", "tunnel")):
        with pytest.raises(NotFound):
            people.read(queries.story_by_key, site, key)


def test_an_article_saved_again_is_brought_up_to_date_and_keeps_its_comments(people: Cast):
    first = save(people, sensitive=True)
    people.post("Here.", story=first)
    before = people.again(first)

    again = save(people, Article(headline="The tunnel is open", body=["One."]))

    assert again.id == first.id
    assert (again.headline, again.sensitive, again.comments) == ("The tunnel is open", True, 1)
    assert again.version == before.version + 1
    assert again.text_version != before.text_version


def test_a_case_keeps_the_story_as_it_stood(people: Cast):
    comment = people.post("Here.", story=save(people))
    save(people, Article(headline="Another headline", body=["Another body."]))

    case = people.read(queries.comment_file, comment.id).case
    record = people.read(people.newsroom.story, case.story_version)

    assert record.headline == "The tunnel opens"


def test_only_editors_close_and_open(people: Cast):
    with pytest.raises(Forbidden):
        people.do(stories.set_open, story=people.story, is_open=False, by=people.mira)

    people.do(stories.set_open, story=people.story, is_open=False, by=people.ed)
    assert not people.again(people.story).open
    people.do(stories.set_open, story=people.story, is_open=True, by=None)
    assert people.again(people.story).open


@pytest.mark.parametrize(
    ("article", "key", "field"),
    [
        (ARTICLE, "", "key"),
        (ARTICLE, "x" * 501, "key"),
        (ARTICLE, ".", "key"),
        (ARTICLE, "..", "key"),
        (ARTICLE, "two\nlines", "key"),
        (ARTICLE, "a\x1b[31m", "key"),
        (ARTICLE, "a\u202eb", "key"),
        (ARTICLE, "a\ufdd0b", "key"),
        (Article(headline=" ", body=[]), "k", "headline"),
        (Article(headline="A", body=["\0"]), "k", "body"),
        (Article(headline="A", body=[], published_at="yesterday"), "k", "published_at"),
    ],
)
def test_what_is_no_article_is_refused(people: Cast, article: Article, key: str, field: str):
    with pytest.raises(BadInput) as refused:
        save(people, article, key)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("headline", "key"),
    [
        ("The Bridge, at last!", "the-bridge-at-last"),
        ("Ñandú y Öl", "nandu-y-ol"),
        ("你好", "story"),
    ],
)
def test_a_key_is_made_of_the_headline(headline: str, key: str):
    assert stories.key_of(headline) == key


def test_a_date_without_a_time_is_midnight():
    assert stories.moment("2026-05-31") == datetime(2026, 5, 31, tzinfo=UTC)
