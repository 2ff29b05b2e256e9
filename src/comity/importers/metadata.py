"""What a page says of itself to machines: JSON-LD first, then Open Graph, Twitter and meta tags."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from comity.importers.parts import Photograph, date_in, tidy

Node = Mapping[str, Any]

KINDS = ("Article", "BlogPosting", "LiveBlogPosting", "Report")  # NewsArticle and its kin end so
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
BREAK = re.compile(r"(?:<br\s*/?>|</p>|\s*\n\s*)+", re.IGNORECASE)


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """The same fields as an Article, each empty where the page keeps silent."""

    headline: str = ""
    deck: str = ""
    byline: str = ""
    dateline: str = ""
    published_at: str | None = None
    body: list[str] = []
    photographs: list[Photograph] = []
    section: str = ""
    url: str | None = None
    site: str = ""


def metadata(tree: HtmlElement, url: str | None) -> Metadata:
    """Read everything the page says of itself; `url` is the address it came from."""
    linked = from_json_ld(article_node(tree), url)
    meta = from_meta(tree, url)
    filled = {
        field: getattr(linked, field) or getattr(meta, field)
        for field in Metadata.__struct_fields__
    }
    return Metadata(**filled)


def article_node(tree: HtmlElement) -> Node:
    """Return the article in the page's JSON-LD, the one that tells the most; or an empty node.

    Images and authors that stand elsewhere in the graph are put in their place.
    """
    scripts = tree.xpath("//script[contains(@type, 'ld+json')]")
    nodes = [node for script in scripts for node in nodes_in(parse(script.text_content()))]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [
        node for node in nodes if any(kind.endswith(KINDS) for kind in texts(node.get("@type")))
    ]
    article = max(articles, key=len, default={})
    return {
        key: referred(value, by_id) if key in {"image", "author", "creator"} else value
        for key, value in article.items()
    }


def referred(value: Any, by_id: Mapping[str, Node]) -> Any:
    """Return what a reference, or each of a list of them, refers to."""
    if isinstance(value, list):
        return [referred(item, by_id) for item in value if not isinstance(item, list)]
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return by_id.get(value["@id"], value)
    return value


def parse(text: str) -> Any:
    """Parse JSON as found in the wild; what cannot be parsed is as if it were not there."""
    bare = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$", "", text
    )
    try:
        return json.loads(bare.strip(" \t\r\n;"), strict=False)
    except (ValueError, RecursionError):
        return None


def nodes_in(value: Any) -> Iterator[Node]:
    """Yield the nodes of lists, graphs and pages that wrap their article."""
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            yield item
            waiting += [
                item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item
            ]


def from_json_ld(node: Node, base: str | None) -> Metadata:
    """Read a schema.org article."""
    return Metadata(
        headline=clean(first(node.get("headline"))) or clean(first(node.get("name"))),
        deck=clean(first(node.get("alternativeHeadline"))) or clean(first(node.get("description"))),
        byline=", ".join(people(node.get("author")) or people(node.get("creator"))),
        dateline=clean(first(node.get("dateline"))),
        published_at=date_in(first(node.get("datePublished")) or first(node.get("dateCreated"))),
        body=paragraphs(first(node.get("articleBody"))),
        photographs=list(pictures(node.get("image"), base)),
        section=clean(first(node.get("articleSection"))),
        url=address(first(node.get("mainEntityOfPage")) or first(node.get("url")), base),
    )


def texts(value: Any) -> list[str]:
    """Return the texts of a value that may be a text, a node with a name, or a list of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value[:50] if not isinstance(item, list) for text in texts(item)]
    if isinstance(value, dict):
        named = (value.get(key) for key in ("name", "@value", "url", "contentUrl", "@id"))
        return [text for text in named if isinstance(text, str)][:1]
    return []


def first(value: Any) -> str:
    """Return the first text of a value, or an empty one."""
    return next(iter(texts(value)), "")


def clean(text: str) -> str:
    """Return a text without tags and entities, on one line."""
    return tidy(html.unescape(TAG.sub(" ", text)) if "<" in text or "&" in text else text)


def people(value: Any) -> list[str]:
    """Return the names of authors; an address is no name."""
    names = [
        re.sub(r"^(?:by|por)\s+", "", clean(text), flags=re.IGNORECASE) for text in texts(value)
    ]
    return [name for name in dict.fromkeys(names) if name and "://" not in name]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of an `articleBody`."""
    return [line for line in map(clean, BREAK.split(text)) if line]


def pictures(value: Any, base: str | None) -> Iterator[Photograph]:
    """Yield the images of a node: addresses, or objects with caption and credit."""
    for item in value if isinstance(value, list) else [value]:
        node = item if isinstance(item, dict) else {"url": item}
        url = address(first(node.get("contentUrl")) or first(node.get("url")), base)
        credit = (
            first(node.get(key)) for key in ("creditText", "creator", "author", "copyrightHolder")
        )
        photograph = Photograph(
            caption=clean(first(node.get("caption")) or first(node.get("description"))),
            credit=clean(next(filter(None, credit), "")),
            url=url,
        )
        if url or photograph.caption:
            yield photograph


def from_meta(tree: HtmlElement, base: str | None) -> Metadata:
    """Read Open Graph, Twitter and plain meta tags, and the canonical link."""
    tags: dict[str, str] = {}
    for tag in tree.xpath("//meta[@content]"):
        key = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        tags.setdefault(key.casefold(), tag.get("content"))
    canonical = next(iter(tree.xpath("//link[@rel='canonical']/@href")), "")
    image = address(pick(tags, "og:image:secure_url", "og:image", "twitter:image"), base)
    authors = texts([pick(tags, "author", "parsely-author", "article:author", "dc.creator")])
    return Metadata(
        headline=clean(pick(tags, "og:title", "twitter:title", "parsely-title", "dc.title")),
        deck=clean(pick(tags, "og:description", "twitter:description", "description")),
        byline=", ".join(people(authors)),
        published_at=date_in(
            pick(
                tags,
                "article:published_time",
                "datepublished",
                "parsely-pub-date",
                "dc.date",
                "date",
            )
        ),
        photographs=[Photograph(caption=clean(tags.get("og:image:alt", "")), url=image)]
        if image
        else [],
        section=clean(pick(tags, "article:section", "parsely-section", "section")),
        url=address(canonical, base) or address(tags.get("og:url", ""), base),
        site=clean(pick(tags, "og:site_name", "application-name")),
    )


def pick(tags: Mapping[str, str], *names: str) -> str:
    """Return the first of these tags that says something."""
    return next((tags[name] for name in names if tags.get(name, "").strip()), "")


def address(text: str, base: str | None) -> str | None:
    """Return a full web address, or None: nothing but http and https is ever kept."""
    try:
        url = urljoin(base or "", text.strip()) if text.strip() else ""
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def one_of(values: Iterable[str]) -> str:
    """Return the first value that is not empty, or an empty text."""
    return next(filter(None, values), "")
