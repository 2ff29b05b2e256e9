"""A news page as HTML: what it says of itself, then what a reader sees."""

import copy
import re
from collections.abc import Iterator

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]

from comity.errors import BadInput
from comity.importers.captions import is_same, merge, newest_date, split_credit
from comity.importers.furniture import is_furniture
from comity.importers.metadata import Metadata, address, metadata, one_of
from comity.importers.parts import Article, Photograph, date_in, tidy
from comity.importers.plain_text import (
    OPENING_LINES,
    before_comments,
    finish,
    names,
    take_captions,
    without_furniture,
)

# Places on a page where no part of the story stands.
ASIDE = {
    *("nav", "footer", "aside", "form", "button", "dialog"),
    *("script", "style", "noscript", "template", "iframe", "svg"),
}
OUTSIDE = re.compile(
    r"(?:(?:article|post|story|reader|user|fb)[-_]{1,2})?(?:comments?|comentarios?)(?:[-_].*)?"
    r"|(?:disqus|related|recommended|newsletter|promo|social|sidebar|outbrain|taboola)(?:[-_].*)?"
    r"|share(?:daddy|[-_].*)?|ads?|advert.*|ad[-_](?:slot|unit|container|wrapper|banner).*"
    r"|(?:cookie|breadcrumb|paywall)s?(?:[-_].*)?",
    re.IGNORECASE,
)
# The classes of an element in small letters, each between spaces: XPath 1.0 has no function for it.
CLASSES = (
    "translate(concat(' ', @class, ' '),"
    " 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
)
MOST_ELEMENTS = 50_000  # a long news page has a fifth of it; far more take minutes to read
DECK = ("deck", "dek", "subtitle", "subheadline", "subhead", "standfirst", "entradilla", "bajada")
CREDIT = ("credit", "copyright", "credito", "source", "photographer", "attribution")


def from_html(html: str, url: str | None = None, headline: str | None = None) -> Article:
    """Read a page of HTML; `url` is the address it came from, if any.

    Raises:
        BadInput: nothing on the page reads like the body of an article, or nothing heads it.
    """
    tree = parse(html)
    told = metadata(tree, url)
    photographs = merge(figures(tree, url))
    summary = summary_of(tree)
    dateline, body = story_body(tree, told, {told.headline, told.deck, summary}, photographs)
    if not body:
        raise BadInput(
            "No body was found: this page does not read like an article.",
            field="source",
            remedy="Save the page as text after it has loaded, and import that.",
        )
    title = tidy(headline or "") or headline_of(tree, told)
    if not title:
        raise BadInput(
            "The page has no headline.", field="headline", remedy="Give one with --headline."
        )
    photographs = with_told(photographs, told.photographs)
    return Article(
        headline=title,
        deck=deck_of(told, summary, title, body),
        byline=told.byline or byline_of(tree),
        dateline=told.dateline or dateline,
        published_at=told.published_at or date_of(tree) or newest_date(photographs),
        body=body,
        photographs=photographs,
        section=told.section,
        url=told.url or address(url or "", None),
    )


def parse(html: str) -> HtmlElement:
    """Parse a page, however broken; `html` is decoded already."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = html.replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise BadInput(
            "The page is empty.", field="source", remedy="Save it again and check that it has text."
        ) from error
    if len(tree.xpath("//*")) > MOST_ELEMENTS:
        raise BadInput(
            f"The page has more than {MOST_ELEMENTS:,} elements.",
            field="source",
            remedy="Import one article at a time, or save it as text.",
        )
    return tree


def figures(tree: HtmlElement, base: str | None) -> Iterator[Photograph]:
    """Yield the captioned pictures of the story, in the order of the page."""
    for figure in tree.xpath(f"//figure | //*[contains({CLASSES}, ' wp-caption ')]"):
        if is_outside(figure) or figure.xpath("ancestor::figure"):
            continue
        images = figure.xpath(".//img") or figure.xpath(".//source[@srcset]")
        url = image_url(images[0], base) if images else None
        caption, credit = caption_and_credit(figure)
        if not caption and images:
            caption = tidy(images[0].get("alt", ""))
        if images and (url or caption):
            yield Photograph(caption=caption, credit=credit, url=url)


def is_outside(element: HtmlElement) -> bool:
    """Say whether an element stands in a menu, the comments or another part that is no story."""
    for place in (element, *element.iterancestors()):
        if place.tag in {"body", "html"}:
            return False
        if opens_outside(place):
            return True
    return False


def opens_outside(place: HtmlElement) -> bool:
    """Say whether a part of the page is no story; what holds the headline always is."""
    named = f"{place.get('class', '')} {place.get('id', '')}".split()
    is_other = place.tag in ASIDE or any(map(OUTSIDE.fullmatch, named))
    return is_other and place.find(".//h1") is None


def image_url(image: HtmlElement, base: str | None) -> str | None:
    """Return where a picture is, also where the page loads it late; the largest of a set."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        if found := address(image.get(name, ""), base):
            return found
    sets = image.get("srcset") or image.get("data-srcset") or ""
    choices = [choice.split() for choice in re.split(r",\s+", sets) if choice.strip()]
    choices.sort(key=lambda choice: int(re.sub(r"\D", "", choice[-1]) or 0) if choice[1:] else 0)
    return address(choices[-1][0], base) if choices else None


def caption_and_credit(figure: HtmlElement) -> tuple[str, str]:
    """Return a figure's caption without its credit, and the credit without "Photo:"."""
    captions = figure.xpath(f".//figcaption | .//*[contains({CLASSES}, ' wp-caption-text ')]")
    if not captions:
        return "", ""
    caption = copy.deepcopy(captions[0])
    caption.tail = None
    credit = ""
    for element in caption.xpath(f".//*[{has_class(CREDIT)} or self::cite]"):
        if element.getparent() is not None and element is not caption:
            credit = credit or tidy(element.text_content())
            element.drop_tree()
    # A caption and its credit often touch, parted only by the style of the page.
    text = re.sub(r" (?=[,.;:!?)])", "", tidy(" ".join(caption.itertext())))
    if credit:
        return text, bare_credit(credit)
    return split_credit(text) or (text, "")


def has_class(words: tuple[str, ...]) -> str:
    """Return an XPath condition: one of the element's classes contains one of the words."""
    return "(" + " or ".join(f"contains({CLASSES}, '{word}')" for word in words) + ")"


def bare_credit(text: str) -> str:
    """Return a credit without the label before it."""
    parts = split_credit(text) or split_credit(f"({text.strip('()[] ')})")
    return parts[1] if parts and not parts[0] else text.strip("()[] ")


def story_body(
    tree: HtmlElement, told: Metadata, headings: set[str], photographs: list[Photograph]
) -> tuple[str, list[str]]:
    """Return dateline and paragraphs.

    What the page tells machines is best where it has paragraphs; else what a reader sees; else
    what was told in one piece, if it is much longer than what can be seen.
    """
    seen = as_body(visible_lines(tree), headings, photographs)
    machine = as_body(told.body, headings, photographs)
    if len(machine[1]) > 1 or length(machine[1]) > 2 * length(seen[1]):
        return machine
    return seen


def length(body: list[str]) -> int:
    """Return how many characters a body has."""
    return sum(map(len, body))


def summary_of(tree: HtmlElement) -> str:
    """Return the summary line that a reader sees, or an empty text."""
    marked = f"{has_class(DECK)} or @itemprop='alternativeHeadline' or @role='doc-subtitle'"
    places = tree.xpath(f"//*[{marked}] | //h1/following-sibling::*[1][self::h2]")
    seen = (tidy(place.text_content()) for place in places if not is_outside(place))
    return one_of(text for text in seen if 20 <= len(text) <= 400)


def as_body(
    lines: list[str], headings: set[str], photographs: list[Photograph]
) -> tuple[str, list[str]]:
    """Make a body of extracted lines: no headline, byline, captions, furniture or comments."""
    _, rest = take_captions(before_comments(lines))
    rest = [line for line in without_furniture(rest) if line not in headings and not names(line)]
    return finish(rest, photographs)


def visible_lines(tree: HtmlElement) -> list[str]:
    """Return the story's lines as a reader sees them."""
    story = copy.deepcopy(tree)
    body = story.find("body")
    for element in list(body.iter()) if body is not None else []:
        if element is not body and (element.tag == "figure" or opens_outside(element)):
            element.drop_tree()
    for heading in story.xpath("//h1"):
        heading.drop_tree()
    plain = [tidy(element.text_content()) for element in story.xpath("//p")]
    extracted = trafilatura.extract(
        story, include_comments=False, include_tables=False, include_formatting=False
    )
    lines = [tidy(line).removeprefix("- ") for line in (extracted or "").splitlines()]
    return lines if 2 * length(lines) >= length(plain) else plain


def headline_of(tree: HtmlElement, told: Metadata) -> str:
    """Return the headline: as told, unless cut short; else as seen."""
    seen = [
        tidy(heading.text_content()) for heading in tree.xpath("//h1") if not is_outside(heading)
    ]
    cut = told.headline.rstrip("….")
    if told.headline.endswith(("…", "...")):
        return one_of([*(text for text in seen if text.startswith(cut)), told.headline])
    if seen_or_told := one_of([told.headline, *seen]):
        return without_site(seen_or_told, told.site)
    title = tidy(one_of(title.text_content() for title in tree.xpath("//head/title")))
    return without_site(title, told.site or None)


def without_site(title: str, site: str | None) -> str:
    """Return a title without the site's name behind it; where that is unknown, any short name."""
    parts = re.split(r"\s([|·–—-])\s", title)
    if len(parts) == 1:
        return title
    is_site = is_short(parts[-1]) if site is None else parts[-1] == site
    return title.removesuffix(parts[-1]).rstrip(" |·–—-") if is_site else title


def is_short(text: str) -> bool:
    """Say whether a text may be the name of a site."""
    return len(text.split()) <= 4 and not is_furniture(text)


def deck_of(told: Metadata, summary: str, headline: str, body: list[str]) -> str:
    """Return the summary line as seen, else as told, unless it only repeats headline or body."""
    deck = summary or told.deck
    start = deck.rstrip("….")
    opening = body[0] if body else ""
    repeats = deck == headline or opening.startswith(start) or start[20:80] in opening
    return "" if repeats else deck


def byline_of(tree: HtmlElement) -> str:
    """Return the author that the markup names."""
    places = f"//*[@rel='author'] | //*[@itemprop='author'] | //*[{has_class(('byline', 'autor'))}]"
    found = (
        tidy(element.text_content()) for element in tree.xpath(places) if not is_outside(element)
    )
    marked = one_of(names(text) or names(f"By {text}") for text in found if len(text) <= 120)
    first = (tidy(element.text_content()) for element in tree.xpath("//p")[:OPENING_LINES])
    return marked or one_of(map(names, first))


def date_of(tree: HtmlElement) -> str | None:
    """Return the date that the markup tells, outside related stories and comments."""
    for element in tree.xpath("//time | //*[@itemprop='datePublished']"):
        text = element.get("datetime") or element.get("content") or element.text_content()
        if not is_outside(element) and (found := date_in(tidy(text))):
            return found
    return None


def with_told(seen: list[Photograph], told: list[Photograph]) -> list[Photograph]:
    """Fill gaps from what was told; a picture that was only told counts where none was seen."""
    if not seen:
        return merge(told)
    known = [item for item in told if any(is_same(photograph, item) for photograph in seen)]
    return merge([*seen, *known])
