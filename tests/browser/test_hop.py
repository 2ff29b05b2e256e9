"""The way to the sign-in and back: codes that this tab asked for, and codes that it did not."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from comity.web.auth import CODE, READER
from tests.browser.conftest import PASSWORD, Served, settle


def code(served: Served, name: str) -> str:
    """Return a good one-time code."""
    now = datetime.now(UTC)
    claims = served.rooms.signer.read(READER, served.reader(name), now=now)
    return served.rooms.signer.issue(CODE, claims.person, claims.epoch, now=now)


def element_says_sign_in(page: Page) -> None:
    button = page.locator("comity-comments").get_by_role("button", name="Sign in", exact=True)
    expect(button).to_be_visible()


def test_a_link_that_carries_a_strangers_code_signs_nobody_in(served, visitor):
    story, good = served.story(), code(served, "Stranger")

    page = visitor.open(f"{served.page(story)}#comity={good}")

    element_says_sign_in(page)
    assert page.url == served.page(story)
    assert (
        page.evaluate("Object.keys(sessionStorage).filter(k => sessionStorage[k] != 'null')") == []
    )
    assert served.call("POST", "/token", code=good)["token"]  # It was good, and nobody used it.


def test_a_sign_in_that_was_given_up_leaves_no_door_open(served, visitor):
    story = served.story()
    page = visitor.open(served.page(story))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{served.url}/sign-in*")

    page.goto(served.page(story))
    settle(page)
    page.goto("about:blank")
    page.goto(f"{served.page(story)}#comity={code(served, 'Stranger')}")
    settle(page)

    element_says_sign_in(page)


@pytest.mark.parametrize("broken", ["%E0", "", "x", "%"])
def test_a_broken_code_does_not_keep_the_comments_away(served, visitor, broken):
    story = served.story()
    served.post(story, "Ana", f"On day {next(served.numbers)} the council met about the bridge.")

    page = visitor.open(f"{served.page(story)}#comity={broken}")

    expect(page.get_by_role("heading", name="Comments 1")).to_be_visible()
    element_says_sign_in(page)


def test_on_our_own_story_pages_the_session_makes_the_hop_at_once(served, visitor):
    story = f"{served.url}/main/stories/{served.story()}"
    served.reader("Hopper")
    page = visitor.arrive()
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Login").fill("hopper")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served.url}/")
    page.goto(story)
    settle(page)

    page.locator("comity-comments").get_by_role("button", name="Sign in", exact=True).click()

    expect(
        page.locator("comity-comments").get_by_text("Signed in as Hopper", exact=True)
    ).to_be_visible()
    assert page.url == story


def test_the_header_of_our_own_story_pages_signs_the_comments_in_too(served, visitor):
    story = f"{served.url}/main/stories/{served.story()}"
    served.reader("Header")
    page = visitor.arrive()
    page.goto(story)
    settle(page)

    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_label("Login").fill("header")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(
        page.locator("comity-comments").get_by_text("Signed in as Header", exact=True)
    ).to_be_visible()
    assert page.url == story
