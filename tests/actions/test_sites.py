"""Publications."""

import pytest

from comity.actions import sites
from comity.errors import BadInput, Conflict, NotFound
from comity.models import Site
from tests.cast import Cast


def create(people: Cast, **changes) -> Site:
    return people.do(sites.create, **{"slug": "north", "name": "North", "origins": []} | changes)


def test_a_site_is_found_by_its_slug(people: Cast):
    made = create(people)

    assert people.read(sites.by_slug, "north").id == made.id
    assert people.read(sites.default).id == people.site.id
    with pytest.raises(NotFound):
        people.read(sites.by_slug, "south")


def test_a_slug_is_taken_once(people: Cast):
    create(people)

    with pytest.raises(Conflict):
        create(people)


@pytest.mark.parametrize(
    "slug", ["", "North", "a b", "-a", "a-", "x" * 41, "../x", "api", "static"]
)
def test_a_slug_is_fit_for_addresses(people: Cast, slug: str):
    with pytest.raises(BadInput) as refused:
        create(people, slug=slug)

    assert refused.value.field == "slug"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://news.example.org", "https://news.example.org"),
        ("https://News.Example.org/section/", "https://news.example.org"),
        ("https://news.example.org:443", "https://news.example.org"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_origins_are_kept_as_browsers_send_them(people: Cast, given: str, kept: str):
    assert create(people, origins=[given]).origins == [kept]


@pytest.mark.parametrize("given", ["", "news.example.org", "ftp://x.org", "*", "https://x:y"])
def test_what_is_no_origin_is_refused(people: Cast, given: str):
    with pytest.raises(BadInput) as refused:
        create(people, origins=[given])

    assert refused.value.field == "origins"
