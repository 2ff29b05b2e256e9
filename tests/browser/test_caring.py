"""What somebody in despair sees beside their own words, with and without sending them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect


@pytest.fixture
def weary(served):
    return f"The bridge is shut on day {next(served.numbers)}, and I don't want to live any more."


def sends(page, words):
    page.get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def test_the_help_is_there_before_and_after_sending(served, visitor, weary):
    page = visitor.open(served.page(served.story()), name="Cleo")

    sends(page, weary)

    before = page.get_by_role("group", name="If it is too much to bear")
    expect(before).to_be_visible()
    expect(before).to_be_focused()
    expect(before.get_by_role("link", name="findahelpline.com")).to_be_visible()
    expect(before).to_contain_text("That counts nothing against you.")
    expect(before.get_by_role("button", name="Rephrase")).to_have_count(0)
    expect(page.locator("comity-comments mark")).to_have_count(0)
    before.get_by_role("button", name="Send", exact=True).click()
    held = page.locator("article.comment", has_text=weary)
    expect(held).to_contain_text("Your comment goes to a person at once")
    expect(held).to_contain_text("It breaks no rule.")
    expect(held.get_by_text("116 123")).to_be_visible()  # With nothing to open first.
    expect(page.locator("comity-comments [role=status]")).to_have_text(
        "Your comment goes to a person at once"
    )


@pytest.mark.parametrize("width", [360, 900])
def test_the_help_can_be_read_on_any_screen_and_by_everybody(
    served, visitor, weary, width, tmp_path
):
    story = served.story()
    served.post(story, "Dora", weary)
    page = visitor.open(served.page(story), name="Dora", width=width)
    held = page.locator("article.comment", has_text=weary)

    shot = tmp_path / "held.png"
    held.screenshot(path=shot)

    assert shot.stat().st_size > 5_000
    box, note = held.bounding_box(), held.get_by_role("group").first.bounding_box()
    assert box is not None
    assert note is not None
    assert note["width"] <= box["width"] <= width
    assert note["height"] > 100
    number = held.get_by_text("116 123").bounding_box()
    line = held.get_by_role("listitem").filter(has_text="116 123").bounding_box()
    assert number is not None
    assert line is not None
    assert number["x"] > line["x"] + 40  # In its line, not below it.
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_one_may_go_on_writing_instead(served, visitor, weary):
    page = visitor.open(served.page(served.story()), name="Emil")
    sends(page, weary)

    page.get_by_role("button", name="Go on writing").click()

    expect(page.get_by_label("Your comment")).to_be_focused()
    expect(page.get_by_label("Your comment")).to_have_value(weary)
