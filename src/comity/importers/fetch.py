"""Fetching a page without being led into the house: public addresses only, at every step."""

import codecs
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import SplitResult, urljoin, urlsplit

from comity import __version__
from comity.errors import BadInput

LIMIT = 5 * 1024 * 1024  # bytes; the longest news pages are a tenth of it
REDIRECTS = 5
SECONDS = 10.0  # for everything together, redirects included
PORTS = frozenset({80, 443, 8080, 8443})  # where web pages live; any port would make us a scanner
USER_AGENT = f"Comity/{__version__} (+https://github.com/comity-comments/comity)"
KINDS = {"text/html", "application/xhtml+xml", "text/plain"}
# By the beginnings of Python's names for them: those that web pages are really written in.
CHARSETS = (
    *("utf-8", "utf-16", "ascii", "iso8859-", "cp125", "cp874", "koi8-", "mac-"),
    *("shift_jis", "cp932", "euc_", "cp949", "gb2312", "gbk", "gb18030", "big5"),
)
SAVE_IT = "Save the page and import the file."

# Reserved, or another address in disguise; said here because Python's own tables differ by version.
REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # public by number, yet one cloud's own metadata service
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "240.0.0.0/4",
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",
    )
]
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # leaves out NAT64, IPv4-mapped, ULA, link-local

Resolve = Callable[[str, int], Iterable[str]]
Permit = Callable[[str, int], bool]


def is_public(address: str, port: int) -> bool:
    """Say whether an address and port may be visited: a public host, where web pages live."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip not in GLOBAL_UNICAST:
        return False
    if ip.is_multicast or not ip.is_global:
        return False
    return port in PORTS and not any(
        ip in network for network in REFUSED if network.version == ip.version
    )


def resolve(host: str, port: int) -> list[str]:
    """Return all addresses of a host, also for the odd spellings of IPv4 that the system knows."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    location: str
    kind: str
    charset: str
    body: bytes


def fetch(
    url: str, *, resolve: Resolve = resolve, permit: Permit = is_public, seconds: float = SECONDS
) -> tuple[str, str]:
    """Fetch a page; return its text and the address it was found at in the end.

    Every address of the host must be permitted, after each redirect anew, and the connection goes
    to the address that was checked: a name that changes its mind in between gains nothing.

    Raises:
        BadInput: refused, not found, too big, too slow, or no page of text.
    """
    deadline = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        parts = split(url)
        reply = get(parts, vetted(parts, resolve, permit), deadline)
        if reply.status not in {301, 302, 303, 307, 308} or not reply.location:
            return text_of(reply), url
        url = urljoin(url, reply.location)
    return refuse("The page redirects too often.", SAVE_IT)


def refuse(message: str, remedy: str) -> NoReturn:
    """Raise the one kind of error that this module knows."""
    raise BadInput(message, field="url", remedy=remedy)


def split(url: str) -> SplitResult:
    """Take an address apart; refuse what is no plain web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        refuse("The address is malformed.", "Correct it.")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        refuse("Only http and https addresses are fetched.", SAVE_IT)
    if parts.username is not None or parts.password is not None:
        refuse("The address carries a name or password.", "Leave that out, or save the page.")
    return parts


def port_of(parts: SplitResult) -> int:
    """Return the port, said or implied."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def vetted(parts: SplitResult, resolve: Resolve, permit: Permit) -> list[str]:
    """Return the host's addresses, all of which are permitted."""
    host, port = parts.hostname or "", port_of(parts)
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
        found = [address.partition("%")[0] for address in resolve(ascii_host, port)]
    except (OSError, UnicodeError):
        found = []
    if not found:
        refuse(f"There is no host {host}.", "Correct the address.")
    for address in found:
        if not permit(address, port):
            refuse(
                f"{host}, port {port}, is not a public web address.",
                "Pages inside a private network are not fetched. " + SAVE_IT,
            )
    return list(dict.fromkeys(found))


def get(parts: SplitResult, addresses: list[str], deadline: float) -> Reply:
    """Ask the first address that can be reached."""
    trouble: Exception | None = None
    for address in addresses:
        try:
            return ask(parts, address, deadline)
        except (OSError, http.client.HTTPException) as error:
            trouble = error
    if isinstance(trouble, ssl.SSLCertVerificationError):
        message = f"{parts.hostname} has no valid certificate."
    elif isinstance(trouble, TimeoutError) or time.monotonic() >= deadline:
        message = f"{parts.hostname} did not answer in time."
    else:
        message = f"{parts.hostname} could not be reached."
    raise BadInput(message, field="url", remedy="Try again later, or save the page.") from trouble


def ask(parts: SplitResult, address: str, deadline: float) -> Reply:
    """Send one request to one address and read the answer, up to the limit."""
    left = max(deadline - time.monotonic(), 0.01)
    sock = socket.create_connection((address, port_of(parts)), timeout=left)
    # Each read has its own time limit; the alarm is for a server that sends a byte now and then.
    alarm = threading.Timer(left, hang_up, [sock])
    alarm.daemon = True
    alarm.start()
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port_of(parts))
    try:
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            alarm.args = [sock]
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", quoted(path), headers=headers(parts))
        with connection.getresponse() as response:
            return read(response, deadline)
    finally:
        alarm.cancel()
        connection.close()
        sock.close()


def hang_up(sock: socket.socket) -> None:
    """Wake whoever waits on a connection; `SSLSocket.shutdown` would drop its encryption too."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def quoted(path: str) -> str:
    """Return a path in the letters a request line may have."""
    return "".join(
        chr(byte) if 0x21 <= byte <= 0x7E else f"%{byte:02X}" for byte in path.encode("utf-8")
    )


def headers(parts: SplitResult) -> dict[str, str]:
    """Return what we say of ourselves and of what we can read."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return {
        "Host": f"{host}:{parts.port}" if parts.port else host,
        "User-Agent": USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8",
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }


def read(response: http.client.HTTPResponse, deadline: float) -> Reply:
    """Read an answer; a redirect's body is left alone."""
    location = response.getheader("Location", "")
    body = b"" if location else read_body(response)
    if time.monotonic() >= deadline:
        raise TimeoutError
    return Reply(
        status=response.status,
        location=location,
        kind=response.headers.get_content_type(),
        charset=response.headers.get_content_charset("") or "",
        body=body,
    )


def read_body(response: http.client.HTTPResponse) -> bytes:
    """Read a body and unpack it; what turns out to be more than the limit is refused."""
    data = response.read(LIMIT + 1)
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding in {"gzip", "x-gzip"}:
        try:
            data = zlib.decompressobj(31).decompress(data, LIMIT + 1)
        except zlib.error:
            refuse("The page arrived damaged.", SAVE_IT)
    elif coding not in {"", "identity"}:
        refuse(f"The page came packed as {coding}, which was not asked for.", SAVE_IT)
    if len(data) > LIMIT:
        refuse(f"The page is larger than {LIMIT // 1024 // 1024} MB.", SAVE_IT)
    return data


def text_of(reply: Reply) -> str:
    """Return the text of a good answer."""
    if reply.status != 200:
        refuse(f"The server answered {reply.status}.", "Correct the address, or save the page.")
    if reply.kind not in KINDS:
        refuse(f"The address leads to {reply.kind}, not to a page.", SAVE_IT)
    return decode(reply.body, reply.charset)


def decode(data: bytes, charset: str = "") -> str:
    """Decode a page by its byte order mark, what was said of it, UTF-8 or Windows-1252.

    A page that names an encoding that pages are not written in is read as UTF-8, as far as it goes.
    """
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    for mark, name in marks:
        if data.startswith(mark):
            return data.decode(name, "replace")
    said = re.search(
        rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", data[:4096], re.IGNORECASE
    )
    names = [name for name in (charset, said[1].decode("ascii") if said else "") if name]
    known = [name for name in names if is_of_pages(name)]
    for name in known:
        with suppress(ValueError):
            return data.decode(name)
    if names and not known:
        return data.decode("utf-8", "replace")
    for name in ("utf-8", "windows-1252"):
        with suppress(ValueError):
            return data.decode(name)
    return data.decode("latin-1")


def is_of_pages(charset: str) -> bool:
    """Say whether pages are written in an encoding; Python knows others, which do far more."""
    try:
        return codecs.lookup(charset).name.startswith(CHARSETS)
    except (LookupError, ValueError):
        return False
