import gzip
import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from comity.web.element import script

CORNER = 20  # pixels: the box's padding and border


def boxes(page):
    return page.locator("article.comment")


def focused(page):
    return page.locator("comity-comments :focus")


def remarks(page):
    """The numbers of the numbered remarks, as they stand on the page."""
    return re.findall(r"Remark number (\d\d)", " ".join(boxes(page).all_inner_texts()))


def discussion(served, *, answers=1, key="bridge"):
    story = served.story(key)
    said = story.removeprefix("https://")  # A comment of nothing but addresses would be held.
    first = served.post(story, "Ana", f"I crossed {said} every day for ten years.")
    parent = first
    for n in range(answers):
        parent = served.post(story, ("Bo", "Ana")[n % 2], f"Answer {n + 1} on {said}.", parent)
    return story, first


def test_the_element_with_its_style_and_languages_stays_below_15_kilobytes():
    assert len(gzip.compress(script(), 9)) <= 15_000


def test_a_page_of_another_origin_shows_the_comments(served, visitor):
    story, _ = discussion(served)

    page = visitor.open(served.page(story))

    assert boxes(page).count() == 2
    assert page.get_by_role("heading", name="Comments 2").is_visible()
    assert "ten years" in boxes(page).first.inner_text()
    assert visitor.asked == {served.url, served.host}


@pytest.mark.parametrize("key", ["https://news.example/a?b=c#d", 'x "‹é>&amp; y', "../..%2F"])
def test_a_story_may_have_any_key_of_its_publisher(served, visitor, fair, key):
    story, first = discussion(served, key=key)

    page = visitor.open(served.page(story))
    assert boxes(page).count() == 2
    page = visitor.open(f"{served.url}/main/stories/{quote(story, safe='')}", name="Ana")
    page.get_by_label("Your comment").fill(fair)
    page.get_by_role("button", name="Send", exact=True).click()

    boxes(page).get_by_text(fair).wait_for()
    assert page.locator(f"[id='comment-{first}']").count() == 1
    assert boxes(page).count() == 3


def test_what_stood_inside_the_element_makes_way_for_the_comments(served, visitor):
    story, first = discussion(served)

    page = visitor.open(f"{served.url}/main/stories/{story}")

    assert page.locator("comity-comments").evaluate("element => element.children.length") == 0
    assert page.locator(f"[id='comment-{first}']").count() == 1


def test_what_stood_inside_the_element_stays_while_the_server_is_away(served, visitor):
    story = served.story()
    page = visitor.arrive()
    page.route("**/api/**", lambda route: route.abort())

    page.goto(served.page(story))

    page.get_by_text("cannot be reached just now").wait_for()
    assert page.get_by_text("What stood here before.").is_visible()
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Nobody has written yet").wait_for()


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize(("direction", "side"), [("ltr", "right"), ("rtl", "left")])
def test_the_flag_stands_in_the_lower_corner_of_every_box(served, visitor, width, direction, side):
    story, _ = discussion(served, answers=7)

    page = visitor.open(served.page(story, dir=direction), name="Bo", width=width)

    places = page.evaluate(
        """() => [...document.querySelector("comity-comments").shadowRoot
          .querySelectorAll("article.comment")].map((article) => {
            const box = article.getBoundingClientRect();
            const flag = article.querySelector(".flag").getBoundingClientRect();
            return { right: box.right - flag.right, left: flag.left - box.left,
                     below: box.bottom - flag.bottom, width: box.width };
          })"""
    )
    assert len(places) == 8
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in places:
        assert 0 <= place[side] <= CORNER
        assert 0 <= place["below"] <= CORNER
        assert place["width"] > 200


def test_replies_stop_moving_in_and_say_whom_they_answer(served, visitor):
    story, _ = discussion(served, answers=7)

    page = visitor.open(served.page(story))

    starts = [boxes(page).nth(n).bounding_box()["x"] for n in range(8)]
    assert starts[:6] == sorted(set(starts))
    assert len(set(starts[5:])) == 1
    assert boxes(page).nth(7).get_by_text("in reply to").is_visible()
    assert boxes(page).nth(1).get_by_text("in reply to").count() == 0


def test_the_order_can_be_chosen(served, visitor):
    story = served.story()
    first = served.post(story, "Ana", f"The first on {story}.")
    served.post(story, "Bo", f"The second on {story}.")
    served.post(story, "Bo", f"An answer on {story}.", first)

    page = visitor.open(served.page(story))
    assert "second" in boxes(page).first.inner_text()

    page.get_by_label("Sort by").select_option("Oldest")
    boxes(page).first.get_by_text(f"The first on {story}.").wait_for()


def test_the_most_replied_come_first_and_page_by_page(served, visitor):
    story = served.story()
    roots = [
        served.post(story, f"Reader{n % 4}", f"Remark number {n:02} about {story}.")
        for n in range(22)
    ]
    for n in (1, 1, 0):
        served.post(story, "Ana", f"An answer about {story}, {n}.", roots[n])
    page = visitor.open(served.page(story))

    page.get_by_label("Sort by").select_option("Most replied")

    boxes(page).first.get_by_text("Remark number 01").wait_for()
    assert remarks(page) == ["01", "00", *(f"{n:02}" for n in range(21, 3, -1))]
    page.get_by_role("button", name="Show more comments").click()
    page.get_by_text("Remark number 02").wait_for()
    assert remarks(page) == ["01", "00", *(f"{n:02}" for n in range(21, 1, -1))]


def test_more_replies_come_when_asked(served, visitor):
    story, root = discussion(served, answers=0)
    for n in range(22):
        served.post(story, f"Reader{n % 4}", f"Remark number {n:02} about {story}.", root)
    page = visitor.open(served.page(story))
    assert remarks(page) == [f"{n:02}" for n in range(20)]

    page.get_by_role("button", name="Show more replies").click()

    page.get_by_text("Remark number 21").wait_for()
    assert remarks(page) == [f"{n:02}" for n in range(22)]
    assert page.get_by_role("button", name="Show more replies").count() == 0
    assert "Remark number 20" in focused(page).inner_text()


def test_more_comments_come_when_asked(served, visitor):
    story = served.story()
    for n in range(21):
        served.post(story, f"Reader{n % 4}", f"Remark number {n} about {story}.")
    page = visitor.open(served.page(story))
    assert boxes(page).count() == 20

    page.get_by_role("button", name="Show more comments").click()

    page.get_by_text("Remark number 0 about").wait_for()
    assert boxes(page).count() == 21
    assert page.get_by_role("button", name="Show more comments").count() == 0
    assert "Remark number 0" in focused(page).inner_text()


def test_a_link_to_a_comment_brings_it_even_from_another_page(served, visitor):
    story = served.story()
    oldest = served.post(story, "Ana", f"The oldest remark about {story}.")
    for n in range(20):
        served.post(story, f"Reader{n % 4}", f"Remark number {n} about {story}.")

    page = visitor.open(served.page(story) + f"#comment-{oldest}")

    target = page.locator("article.target")
    target.wait_for()
    assert "The oldest remark" in target.inner_text()
    assert focused(page).get_attribute("id") == f"comment-{oldest}"


def test_a_link_to_a_reply_brings_it_with_what_it_answers(served, visitor):
    story = served.story()
    root = served.post(story, "Ana", f"The oldest remark about {story}.")
    answer = served.post(story, "Bo", f"Remark number 00 about {story}.", root)
    reply = served.post(story, "Ana", f"Remark number 01 about {story}.", answer)
    for n in range(20):
        served.post(story, f"Reader{n % 4}", f"Another thought, number {n}, about {story}.")

    page = visitor.open(served.page(story) + f"#comment-{reply}")

    page.locator("article.target").wait_for()
    assert focused(page).get_attribute("id") == f"comment-{reply}"
    assert remarks(page) == ["00", "01"]
    starts = [
        page.locator(f"[id='comment-{id}']").bounding_box()["x"] for id in (root, answer, reply)
    ]
    assert starts == sorted(set(starts))
    assert page.get_by_role("button", name="Show more replies").count() == 0
    page.get_by_role("button", name="Show more comments").click()
    page.get_by_text("1 more comment").wait_for()
    assert remarks(page) == ["00", "01"]


def test_a_link_to_a_reply_offers_the_rest_of_its_thread(served, visitor):
    story = served.story()
    root = served.post(story, "Ana", f"The oldest remark about {story}.")
    replies = [
        served.post(story, "Bo", f"Remark number {n:02} about {story}.", root) for n in range(3)
    ]
    for n in range(20):
        served.post(story, f"Reader{n % 4}", f"Another thought, number {n}, about {story}.")
    page = visitor.open(served.page(story) + f"#comment-{replies[1]}")
    page.locator("article.target").wait_for()
    assert remarks(page) == ["01"]

    page.get_by_role("button", name="Show more replies").click()

    page.get_by_text("Remark number 02").wait_for()
    assert remarks(page) == ["00", "01", "02"]
    assert page.get_by_role("button", name="Show more replies").count() == 0


def test_a_reply_that_a_link_brought_finds_its_place_when_the_others_come(served, visitor):
    story, root = discussion(served, answers=0)
    replies = [
        served.post(story, f"Reader{n % 4}", f"Remark number {n:02} about {story}.", root)
        for n in range(24)
    ]

    page = visitor.open(served.page(story) + f"#comment-{replies[22]}")

    page.locator("article.target").wait_for()
    assert remarks(page) == [*(f"{n:02}" for n in range(20)), "22"]
    page.get_by_role("button", name="Show more replies").click()
    page.get_by_text("Remark number 23").wait_for()
    assert remarks(page) == [f"{n:02}" for n in range(24)]


def test_a_closed_discussion_can_be_read_and_not_joined(served, visitor):
    story = served.story(is_open=False)

    page = visitor.open(served.page(story))

    assert page.get_by_text("The discussion of this story is closed.").is_visible()
    assert page.get_by_label("Your comment").count() == 0


def test_the_words_follow_the_language_of_the_page(served, visitor):
    story, _ = discussion(served)

    page = visitor.open(served.page(story, lang="es-MX"))

    assert page.get_by_role("heading", name="Comentarios 2").is_visible()
    assert page.get_by_role("button", name="Responder a Ana").is_visible()
    assert re.search("hace|ahora", boxes(page).first.inner_text())


def test_the_page_is_told_when_the_comments_are_there(served, visitor):
    story, _ = discussion(served)
    page = visitor.open(served.page(story))

    told = page.evaluate(
        """() => new Promise((tell) => {
          document.addEventListener("comity:loaded", (event) => tell(event.detail));
          document.querySelector("comity-comments").setAttribute("sort", "oldest");
        })"""
    )

    assert told == {"story": story, "comments": 2}


@pytest.mark.parametrize("name", ["", "Ana"])
@pytest.mark.parametrize(
    "wishes",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"dir": "rtl"},
        {"color_scheme": "dark", "lang": "es", "width": 360},
    ],
    ids=["light", "dark", "right-to-left", "spanish, dark and narrow"],
)
def test_nobody_is_kept_out(served, visitor, name, wishes):
    story, _ = discussion(served, answers=6)
    browsing = {key: value for key, value in wishes.items() if key not in {"dir", "lang"}}
    asking = {key: value for key, value in wishes.items() if key in {"dir", "lang"}}

    page = visitor.open(served.page(story, **asking), name=name, **browsing)

    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == []


def test_the_page_decides_between_light_and_dark(served, visitor):
    story, _ = discussion(served)
    paper = (
        "getComputedStyle(document.querySelector('comity-comments').shadowRoot"
        ".querySelector('section')).backgroundColor"
    )

    light = visitor.open(served.page(story), color_scheme="light").evaluate(paper)
    dark = visitor.open(served.page(story), color_scheme="dark").evaluate(paper)

    assert light == "rgb(255, 255, 255)"
    assert dark == "rgb(24, 23, 21)"


PILE = """(all, overflow) => all.forEach((place) => {
  place.firstElementChild.append("\u0301".repeat(300));
  for (const part of [place, ...place.children]) part.style.overflow = overflow;
})"""


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("where", ["element", "page"])
def test_marks_piled_upon_a_letter_stay_within_their_comment(served, visitor, where, direction):
    story, _ = discussion(served, answers=0)
    if where == "element":
        page = visitor.open(served.page(story, dir=direction))
        above = page.locator(".standards")
    else:
        page = visitor.arrive()
        page.route("**/comity.js", lambda route: route.fulfill(content_type="text/javascript"))
        page.goto(f"{served.url}/main/stories/{story}")
        page.locator("html").evaluate("(root, dir) => (root.dir = dir)", direction)
        above = page.locator(".sorts")
    words = boxes(page).locator("header, .text")
    before = above.screenshot()

    words.evaluate_all(PILE, "")
    contained = above.screenshot()
    words.evaluate_all(PILE, "visible")

    assert above.screenshot() != before
    assert contained == before


def test_a_pile_of_marks_is_shown_as_a_few_and_stored_as_it_came(served, visitor):
    story = served.story()
    text = "The bridge Z" + "\u0301" * 300 + f" of {story} is fair."
    served.post(story, "Ana", text)

    page = visitor.open(served.page(story), name="Ana")
    shown = boxes(page).locator(".text").inner_text()
    boxes(page).get_by_role("button", name="Edit").click()

    assert shown.count("\u0301") == 5
    assert page.get_by_label("Your comment").last.input_value() == text


ENDING = """(place) => {
  const text = place.firstChild;
  const [last, stop] = [2, 1].map((back) => {
    const range = document.createRange();
    range.setStart(text, text.length - back);
    range.setEnd(text, text.length - back + 1);
    return range.getBoundingClientRect();
  });
  return [text.data.at(-1), stop.x - last.x, place.getBoundingClientRect().right - stop.right];
}"""


def test_on_an_arabic_page_english_sentences_end_on_their_own_side(served, visitor):
    story, _ = discussion(served)

    page = visitor.open(served.page(story, lang="ar", dir="rtl"))
    stop, after_the_last_letter, from_the_edge = page.locator(".standards").evaluate(ENDING)

    assert stop == "."
    assert after_the_last_letter > 0
    assert from_the_edge == pytest.approx(0, abs=1)
