"""Pages are fetched from public addresses only, at every step."""

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from comity.errors import BadInput
from comity.importers.article import read_article
from comity.importers.fetch import LIMIT, REDIRECTS, decode, fetch, is_public

PAGES = Path(__file__).parent / "pages"


class Newsstand(http.server.BaseHTTPRequestHandler):
    """A small site: an article, redirects, a page too big, a picture."""

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        body = (PAGES / "plain.html").read_bytes()
        kind = "image/png" if self.path == "/picture" else "text/html; charset=utf-8"
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(b" " * LIMIT + body if self.path == "/big" else body)

    def log_message(self, *arguments):
        pass


@contextmanager
def newsstand() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Newsstand) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def stand():
    with newsstand() as server:
        yield server


@pytest.fixture
def site(stand):
    """Return the address of the site, by a name that only `here` can resolve."""
    stand.seen.clear()
    return f"http://news.example:{stand.server_port}"


def here(host, _port):
    """Resolve the site's name to this machine, and a literal address to itself."""
    return ["127.0.0.1"] if host == "news.example" else [host]


def only_here(address, _port):
    return address == "127.0.0.1"


def get(url: str) -> tuple[str, str]:
    return fetch(url, resolve=here, permit=only_here)


def test_a_page_is_fetched_from_the_address_that_was_checked(site, stand):
    article = read_article(f"{site}/ferry?a=b c", resolve=here, permit=only_here)

    assert article.headline == "Ferry returns to the evening run"
    assert article.url == f"{site}/ferry?a=b c"
    ((path, host, agent),) = stand.seen
    assert (path, host) == ("/ferry?a=b%20c", f"news.example:{stand.server_port}")
    assert agent.startswith("Comity/")


def test_a_redirect_is_followed_to_its_end(site):
    html, url = get(f"{site}/to//to//ferry")

    assert "<h1>Ferry returns" in html
    assert url == f"{site}/ferry"


def test_a_redirect_into_the_house_is_refused(site, stand):
    assert get(f"{site}/to/{site}/ferry")
    stand.seen.clear()

    with pytest.raises(BadInput, match="not a public web address"):
        get(f"{site}/to/http://127.0.0.2:{stand.server_port}/ferry")
    assert len(stand.seen) == 1


def test_a_name_is_resolved_once_and_gains_nothing_by_changing_its_mind(site):
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    html, _ = fetch(f"{site}/ferry", resolve=lambda *_: next(answers), permit=only_here)

    assert "<h1>Ferry returns" in html
    assert next(answers) == ["127.0.0.2"]


def test_one_private_address_among_several_refuses_the_host(site):
    with pytest.raises(BadInput, match="not a public web address"):
        fetch(site, resolve=lambda *_: ["127.0.0.1", "10.0.0.1"], permit=only_here)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "answered 404"),
        ("/picture", "leads to image/png"),
        ("/big", "larger than 5 MB"),
        ("/to/" * (REDIRECTS + 1) + "/ferry", "redirects too often"),
        ("/to/ftp://news.example/", "Only http and https"),
    ],
)
def test_what_is_no_page_is_refused_with_a_remedy(site, path, message):
    with pytest.raises(BadInput, match=message) as caught:
        get(site + path)

    assert caught.value.field == "url"
    assert caught.value.remedy


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hosts",
        "ftp://news.example/",
        "http://",
        "http://a:b@news.example/",
        "http://[::1/",
        "http://news.example:99999/",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(BadInput) as caught:
        read_article(url, resolve=here, permit=only_here)

    assert caught.value.field == "url"


def test_a_host_that_does_not_exist_or_answer_is_told():
    with pytest.raises(BadInput, match="There is no host"):
        fetch("http://news.example/", resolve=lambda *_: [], permit=only_here)
    with newsstand() as closed:
        port = closed.server_port
    with pytest.raises(BadInput, match="could not be reached"):
        get(f"http://news.example:{port}/")


def test_a_host_that_keeps_silent_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://news.example:{server.getsockname()[1]}/"
        with pytest.raises(BadInput, match="did not answer in time"):
            fetch(url, resolve=here, permit=only_here, seconds=0.05)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_permitted_where_web_pages_live(address):
    assert all(is_public(address, port) for port in (80, 443, 8080, 8443))
    assert not any(is_public(address, port) for port in (0, 22, 25, 5432, 6379, 9200))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
        ),
        *(
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.254",
            "192.0.0.8",
            "192.88.99.1",
            "198.18.0.1",
        ),
        *("192.0.2.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::a00:1", "64:ff9b::808:808"),
        *("64:ff9b:1::1", "2002:a00:1::1", "2001:0:a00:1::1", "3fff::1", "5f00::1", "100::1"),
    ],
)
def test_addresses_inside_networks_or_in_disguise_are_not(address):
    assert is_public("8.8.8.8", 443)

    assert not is_public(address, 443)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"],
)
def test_odd_spellings_of_this_machine_are_refused(host):
    with pytest.raises(BadInput, match="not a public web address"):
        fetch(f"http://{host}/")


@pytest.mark.parametrize(
    "charset",
    [
        *("utf-8", "UTF8", "utf-16-le", "latin-1", "ISO-8859-1", "iso-8859-15", "windows-1252"),
        *("cp1252", "macintosh"),
    ],
)
def test_a_page_is_decoded_by_the_encoding_that_it_names(charset):
    assert decode("El reloj dará la hora".encode(charset), charset) == "El reloj dará la hora"


def test_pages_in_other_alphabets_are_decoded():
    written = {"windows-1251": "Мост", "KOI8-R": "Мост", "Shift_JIS": "橋", "EUC-KR": "다리"}
    written |= {"Big5": "橋", "gb18030": "桥", "windows-1256": "جسر", "iso-8859-7": "γέφυρα"}
    for charset, word in written.items():
        meta = f'<meta charset="{charset}">'.encode()
        assert decode(meta + word.encode(charset)).endswith(word)


@pytest.mark.parametrize(
    "charset",
    ["utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "rot13", "zlib", "x\0"],
)
def test_an_encoding_that_pages_are_not_written_in_is_not_obeyed(charset):
    page = "A +ADw-b+AD4- \\u003cb\\u003e bridge, dará".encode()

    assert decode(page, charset) == page.decode()
    assert decode(page + b"\xff", charset) == page.decode() + "\ufffd"
    assert decode(page.decode().encode("latin-1"), "latin-1") == page.decode()
