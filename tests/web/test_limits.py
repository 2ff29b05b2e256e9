"""How often one may do a thing, and whose address counts."""

from collections.abc import Iterator

import pytest

from comity.errors import TooMany
from comity.settings import Settings
from comity.web import limits
from comity.web.limits import Limit, Limits, address, cut


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.seconds = 600.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(limit: Limit, key: str = "ana") -> int:
    """How many fit now."""

    def tries() -> Iterator[int]:
        while True:
            try:
                limit.take(key)
            except TooMany:
                return
            yield 1

    return sum(tries())


def test_as_many_as_the_limit_fit_and_others_are_not_affected(clock):
    limit = Limit("write", 3, 60, clock)

    assert taken(limit) == 3
    assert taken(limit, "bo") == 3


def test_room_comes_back_bit_by_bit_not_all_at_the_border(clock):
    limit = Limit("write", 10, 60, clock)
    clock.seconds += 59
    assert taken(limit) == 10

    clock.seconds += 1
    assert taken(limit) == 0
    clock.seconds += 30
    assert taken(limit) == 5
    clock.seconds += 120
    assert taken(limit) == 10


@pytest.mark.parametrize("start", [0, 17, 59])
@pytest.mark.parametrize("times", [1, 3, 10])
def test_one_is_told_after_how_many_seconds_there_is_room(clock, start, times):
    limit = Limit("write", times, 60, clock)
    clock.seconds += start
    assert taken(limit) == times

    with pytest.raises(TooMany) as refused:
        limit.take("ana")

    wait = refused.value.retry_after
    assert 1 <= wait <= 120
    clock.seconds += wait - 1.001
    with pytest.raises(TooMany):
        limit.take("ana")
    clock.seconds += 1.002
    limit.take("ana")


def test_the_refusal_says_what_how_often_and_when(clock):
    limit = Limits.of(Settings(posts_per_minute=2), clock).posts
    assert taken(limit) == 2

    with pytest.raises(TooMany) as refused:
        limit.take("ana")

    assert "write at most 2 times a minute" in str(refused.value)
    assert f"{refused.value.retry_after} seconds" in str(refused.value)


def test_a_limit_of_nothing_is_no_limit(clock):
    limit = Limit("write", 0, 60, clock)

    for _ in range(1_000):
        limit.take("ana")


def test_keys_of_the_past_are_forgotten_when_there_are_many(clock, monkeypatch):
    monkeypatch.setattr(limits, "KEYS_KEPT", 10)
    limit = Limit("write", 1, 60, clock)
    for key in range(10):
        limit.take(str(key))
    clock.seconds += 180

    limit.take("new")

    assert set(limit.counts) == {"new"}


def test_an_address_is_cut_to_its_neighbourhood():
    assert cut("203.0.113.77") == "203.0.113.0/24"
    assert cut("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert cut("2001:db8:1:2::7") == "2001:db8:1::/48"
    assert cut("fe80::1%eth0") == "fe80::/48"
    assert cut("") == cut("testclient") == cut("x\n") == "unknown"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.7", 0, "10.0.0.1"),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.9", 2, "203.0.113.7"),
        ("203.0.113.7", 2, "203.0.113.7"),
        ("203.0.113.7:5123", 1, "203.0.113.7"),
        ("[2001:db8::7]:5123", 1, "2001:db8::7"),
        ("2001:db8::7", 1, "2001:db8::7"),
    ],
)
def test_only_trusted_proxies_are_believed_about_the_address(forwarded, proxies, expected):
    assert address("10.0.0.1", forwarded, proxies) == expected
