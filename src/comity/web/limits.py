"""How often one reader, or one address, may do a thing; counted in this process.

Each limit is a sliding window: the previous minute counts by the share of it that still lies in
the last sixty seconds, so a burst across the border of two windows gains nothing. The workers of
one server count apart, and each allows its share, so that together they keep what was promised.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from comity.errors import TooMany
from comity.settings import Settings

# Beyond this many keys, those whose windows have passed are forgotten: about 20 MB.
KEYS_KEPT = 100_000


@dataclass(slots=True)
class Count:
    """What one key did in the window that is open and in the one before."""

    window: int
    now: int = 0
    before: int = 0


@dataclass
class Limit:
    """At most `times` within `seconds` for each key; 0 times: no limit."""

    name: str
    times: int
    seconds: int
    clock: Callable[[], float] = monotonic
    counts: dict[str, Count] = field(default_factory=dict)

    def take(self, key: str) -> None:
        """Count one, or refuse.

        Raises:
            TooMany: says after how many seconds there is room again.
        """
        if not self.times:
            return
        moment = self.clock() / self.seconds
        window = int(moment)
        count = self.counts.get(key)
        if count is None or count.window < window - 1:
            count = self.counts[key] = self.fresh(window)
        elif count.window != window:
            count.window, count.before, count.now = window, count.now, 0
        used = count.now + count.before * (1 - (moment - window))
        if used > self.times - 1:
            raise TooMany(
                f"You may {self.name} at most {self.times} times {self.span}.",
                retry_after=self.wait(count, moment - window),
            )
        count.now += 1

    def fresh(self, window: int) -> Count:
        """Start a key's count; forget keys of the past when there are too many."""
        if len(self.counts) >= KEYS_KEPT:
            live = {key: count for key, count in self.counts.items() if count.window >= window - 1}
            self.counts = live if len(live) < KEYS_KEPT else {}
        return Count(window)

    def wait(self, count: Count, gone: float) -> int:
        """Return the whole seconds until one more fits; `gone` is the open window's spent share."""
        room = self.times - 1 - count.now
        if count.before and room >= 0:
            share = 1 - room / count.before  # of the window that must have gone
        else:  # The open window alone is full: it must close, and then its share must shrink.
            share = 2 - (self.times - 1) / count.now
        return max(1, ceil((share - gone) * self.seconds))

    @property
    def span(self) -> str:
        """The window in words."""
        return "a minute" if self.seconds == 60 else f"in {self.seconds} seconds"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one process; actions count flags and appeals in the database."""

    requests: Limit
    posts: Limit
    previews: Limit
    sign_ins: Limit

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], float] = monotonic) -> "Limits":
        """Make the limits that the settings name, or one worker's share of them."""

        def limit(name: str, times: int) -> Limit:
            return Limit(name, share(times, settings), 60, clock)

        return cls(
            requests=limit("ask this server", settings.requests_per_minute),
            posts=limit("write", settings.posts_per_minute),
            previews=limit("check a comment", settings.previews_per_minute),
            sign_ins=limit("try to sign in", settings.sign_ins_per_minute),
        )


def share(times: int, settings: Settings) -> int:
    """Return how many of a limit's times are one worker's, rounded up; 0 stays no limit."""
    return ceil(times / max(1, settings.workers))


@lru_cache(maxsize=65_536)
def cut(address: str) -> str:
    """Shorten an address to its neighbourhood, IPv4 /24 or IPv6 /48: all that we count or log."""
    try:
        whole = ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return "unknown"
    if isinstance(whole, IPv6Address) and whole.ipv4_mapped:
        whole = whole.ipv4_mapped
    length = 24 if isinstance(whole, IPv4Address) else 48
    return str(ip_network(f"{whole}/{length}", strict=False))


def address(peer: str, forwarded: str, trusted_proxies: int) -> str:
    """Return the caller's address: what the last trusted proxy says it saw, else the peer's own.

    `forwarded` is X-Forwarded-For, to which every proxy appends the address it saw; entries to the
    left of the trusted ones are the caller's own claims.
    """
    if not trusted_proxies or not forwarded:
        return peer
    hops = [hop.strip() for hop in forwarded.split(",")]
    hop = hops[-min(trusted_proxies, len(hops))]
    if hop.startswith("["):
        return hop[1:].split("]")[0]
    return hop.split(":")[0] if hop.count(":") == 1 else hop
