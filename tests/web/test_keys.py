"""A story's key is the publisher's own: whatever it is written with, its addresses lead to it."""

import re
from urllib.parse import quote, unquote

import pytest

from comity.actions import stories
from comity.importers.parts import Article
from tests.web.conftest import Web
from tests.web.forms import see

KEYS = [
    "a/b c‹é>",
    "https://news.example/2026/05/bridge?id=7&x=#top",
    "/2026/bridge/",
    "..//..",
    "100%2F%25",
    "?x#y;z:preview",
    "می\u200cخواهم",
    "x" * 500,
    "💧" * 500,
]


def add(web: Web, key: str) -> str:
    """Save a story and return the part of an address that names it."""
    article = Article(headline=f"About {key[:9]}", body=["It was built."])
    web.people.do(stories.save, site=web.people.site, key=key, article=article)
    return quote(key, safe="")


@pytest.mark.parametrize("key", KEYS)
def test_the_api_knows_a_story_by_any_key(web: Web, key: str):
    web.thread = f"/api/v1/sites/main/stories/{add(web, key)}"

    posted = web.post("Fair enough.")
    for sort in ("", "", "oldest"):  # Built, at hand, and in another order.
        thread = web.read(**({"sort": sort} if sort else {}))
        assert thread["story"]["key"] == key
        assert [item["id"] for item in thread["items"]] == [posted["id"]]
    mine = web.ask("GET", "mine", by=web.people.ana).json()
    preview = web.ask("POST", "comments:preview", {"text": "Fair."}, by=web.people.ana)

    assert [item["id"] for item in mine["items"]] == [posted["id"]]
    assert preview.status_code == 200


@pytest.mark.parametrize("key", KEYS)
def test_every_link_to_a_story_leads_to_it(quick: Web, key: str):
    named = add(quick, key)
    quick.thread = f"/api/v1/sites/main/stories/{named}"
    comment = quick.post("Fair enough.")["id"]
    ana = quick.session(quick.people.ana)

    story = see(quick, f"/main/stories/{named}").text
    (canonical,) = re.findall(r'rel="canonical" href="([^"]*)"', story)
    flag = quick.client.get(f"/me/flags/{comment}", headers={**ana, "Accept": "text/html"}).text
    own = quick.client.get("/me", headers={**ana, "Accept": "text/html"}).text

    assert canonical == f"/main/stories/{named}"
    assert f"{quick.rooms.settings.url}/main/stories/{named}" in story  # In schema.org's words.
    for page in (see(quick, "/").text, flag, own):
        assert f'href="/main/stories/{named}' in page


def test_a_slash_that_parts_is_told_from_one_within_a_key(quick: Web):
    add(quick, "a/comments")
    assert quick.client.get("/api/v1/sites/main/stories/a%2fcomments/comments").is_success

    for path in (
        "/api/v1/sites/main/stories/a/comments/comments",
        "/api/v1/sites/main/stories/a/comments",
        "/api/v1/sites/main/stories/a%252Fcomments/comments",
        "/api/v1/sites%2Fmain/stories/a%2Fcomments/comments",
        "/main%2Fstories/a%2Fcomments",
        "/main/stories/a/comments",
    ):
        assert quick.client.get(path).status_code == 404, unquote(path)
