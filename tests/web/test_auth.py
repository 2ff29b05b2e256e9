"""Tokens, one-time codes, the publisher's sign-in, return addresses and the signing key."""

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from structlog.testing import capture_logs

from comity.errors import BadInput, NotSignedIn, SettingsError
from comity.settings import Settings
from comity.web.auth import (
    CODE,
    READER,
    SESSION,
    Signer,
    Spent,
    bearer,
    from_publisher,
    return_address,
    secret,
)

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ANA = UUID("01890000-0000-7000-8000-000000000001")
SIGNER = Signer("k" * 64, "https://comments.example")
SHARED = "s" * 64
SETTINGS = Settings(base_url="https://comments.example", sso_secret=SHARED)


def forged(header: dict, claims: dict, signature: str = "") -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, claims)
    )
    return ".".join([*parts, signature])


def claims(**changed: object) -> dict:
    made = {
        "iss": SIGNER.issuer,
        "aud": READER,
        "sub": str(ANA),
        "epoch": 0,
        "jti": "x",
        "iat": NOW,
        "exp": NOW + timedelta(hours=1),
    }
    return {key: value for key, value in (made | changed).items() if value is not None}


def test_a_token_names_its_person_until_it_expires():
    token = SIGNER.issue(READER, ANA, 3, now=NOW)

    read = SIGNER.read(READER, token, now=NOW + timedelta(hours=11))

    assert (read.person, read.epoch) == (ANA, 3)
    with pytest.raises(NotSignedIn):
        SIGNER.read(READER, token, now=NOW + timedelta(hours=12))


@pytest.mark.parametrize("audience", [SESSION, CODE])
def test_a_token_for_one_use_does_not_serve_another(audience):
    token = SIGNER.issue(audience, ANA, 0, now=NOW)
    assert SIGNER.read(audience, token, now=NOW).person == ANA

    with pytest.raises(NotSignedIn):
        SIGNER.read(READER, token, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": None},
        {"aud": ["session"]},
        {"sub": None},
        {"sub": "ana"},
        {"epoch": None},
        {"epoch": "x"},
        {"exp": None},
        {"exp": "soon"},
        {"jti": None},
    ],
    ids=str,
)
def test_a_token_with_wrong_claims_is_refused(changed):
    good = jwt.encode(claims(), SIGNER.key, algorithm="HS256")
    assert SIGNER.read(READER, good, now=NOW).person == ANA
    token = jwt.encode(claims(**changed), SIGNER.key, algorithm="HS256")

    with pytest.raises(NotSignedIn):
        SIGNER.read(READER, token, now=NOW)


def unsigned(**header: object) -> str:
    plain = {
        key: int(value.timestamp()) if isinstance(value, datetime) else value
        for key, value in claims().items()
    }
    return forged({"typ": "JWT", **header}, plain)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "a.b.c.d",
        "é.é.é",
        "\ud800",
        "." * 50_000,
        unsigned(alg="none"),
        unsigned(alg="None"),
        unsigned(alg="HS256"),
        unsigned(),
        forged({"alg": "HS256"}, [[[]]], "AA"),
        jwt.encode(claims(), SIGNER.key, algorithm="HS512"),
        jwt.encode(claims(), "z" * 64, algorithm="HS256"),
    ],
    ids=lambda token: ascii(token)[:20],
)
def test_a_malformed_or_forged_token_is_refused(token):
    with pytest.raises(NotSignedIn):
        SIGNER.read(READER, token, now=NOW)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_a_bearer_token_is_refused(header):
    assert bearer("Bearer abc") == bearer("bearer abc") == "abc"

    with pytest.raises(NotSignedIn):
        bearer(header)


def test_a_thing_may_be_spent_once_and_is_forgotten_when_it_has_expired():
    spent = Spent()
    spent.spend("a", NOW + timedelta(seconds=60), now=NOW)

    with pytest.raises(NotSignedIn):
        spent.spend("a", NOW + timedelta(seconds=60), now=NOW + timedelta(seconds=59))
    spent.spend("b", NOW + timedelta(hours=1), now=NOW + timedelta(seconds=60))
    assert set(spent.until) == {"b"}


def sso(key: str = SHARED, **changed: object) -> str:
    made = {
        "sub": "reader-7",
        "name": "Ana",
        "aud": SETTINGS.url,
        "iat": NOW,
        "exp": NOW + timedelta(minutes=5),
    }
    kept = {name: value for name, value in (made | changed).items() if value is not None}
    return jwt.encode(kept, key, algorithm="HS256")


def test_the_publisher_vouches_for_a_reader_once():
    spent, token = Spent(), sso()

    arrival = from_publisher(SETTINGS, token, spent, now=NOW)

    assert (arrival.external, arrival.name) == ("reader-7", "Ana")
    with pytest.raises(NotSignedIn):
        from_publisher(SETTINGS, token, spent, now=NOW)


def test_a_publishers_clock_may_be_half_a_minute_ahead():
    ahead = NOW + timedelta(seconds=30)

    assert from_publisher(SETTINGS, sso(iat=ahead), Spent(), now=NOW).name == "Ana"
    with pytest.raises(NotSignedIn):
        from_publisher(SETTINGS, sso(iat=ahead + timedelta(seconds=1)), Spent(), now=NOW)


@pytest.mark.parametrize(
    "token",
    [
        sso(key="t" * 64),
        sso(aud="https://other.example"),
        sso(aud=None),
        sso(exp=NOW + timedelta(minutes=5, seconds=1)),
        sso(exp=NOW),
        sso(exp=None),
        sso(iat=None),
        sso(sub=None),
        sso(sub=""),
        sso(name=None),
        sso(name=" "),
        sso(name=["Ana"]),
        sso(name="A\0"),
        sso(exp=1e300, iat=1e300),
        "",
    ],
)
def test_a_publishers_token_that_is_late_lasting_or_not_for_us_is_refused(token):
    with pytest.raises(NotSignedIn):
        from_publisher(SETTINGS, token, Spent(), now=NOW)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (sso(key="t" * 64), "InvalidSignatureError"),
        (sso(aud="https://other.example"), "InvalidAudienceError"),
        (sso(exp=NOW), "it has expired"),
        (sso(exp=NOW + timedelta(hours=1)), "exp is more than 300 seconds after iat"),
        (sso(iat=NOW + timedelta(minutes=4)), "iat lies ahead: the clocks differ"),
        (sso(name=" "), "sub or name is empty or no text"),
        (sso(name=None), "there is no name, or a time is none"),
    ],
)
def test_the_log_says_what_is_wrong_with_a_publishers_token_and_never_the_token(token, reason):
    with capture_logs() as logs, pytest.raises(NotSignedIn, match="could not be confirmed"):
        from_publisher(SETTINGS, token, Spent(), now=NOW)

    assert [(entry["log_level"], entry["reason"]) for entry in logs] == [("warning", reason)]
    assert token not in str(logs)
    assert "reader-7" not in str(logs)


def test_without_a_shared_secret_no_publisher_is_believed():
    settings = Settings(base_url=SETTINGS.base_url)

    with pytest.raises(NotSignedIn):
        from_publisher(settings, sso(), Spent(), now=NOW)


def test_readers_return_to_this_server_or_to_a_sites_own_pages():
    origins = {"https://news.example"}

    def sent(target: str) -> str:
        return return_address(target, own="https://comments.example", origins=origins).geturl()

    assert sent("/main/stories/fire?x=1#c") == "https://comments.example/main/stories/fire?x=1"
    assert sent("https://comments.example/me") == "https://comments.example/me"
    assert sent("https://news.example/a?b=c#top") == "https://news.example/a?b=c"
    assert sent("https://NEWS.example/a") == "https://NEWS.example/a"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "https://news.example.evil.example/",
        "https://news.example@evil.example/",
        "https://evil.example@news.example/",
        "https://news.example:444/",
        "http://news.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://news.example\t.evil.example",
        "\thttps://evil.example",
        "https://nеws.example/",
        "https://evil.example/https://news.example",
        "https://[news.example/",
        "ftp://news.example/",
        "me",
    ],
)
def test_nobody_is_sent_to_a_stranger_after_signing_in(target):
    with pytest.raises(BadInput):
        return_address(target, own="https://comments.example", origins={"https://news.example"})


def test_the_key_is_made_once_and_kept_for_its_owner_only(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/c.db")

    first = secret(settings)

    assert secret(settings) == first
    assert len(first) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["c.db.secret"]
    assert stat.S_IMODE((tmp_path / "c.db.secret").stat().st_mode) == 0o600


def test_a_key_that_is_set_is_used_and_a_short_one_refused():
    assert secret(Settings(secret="x" * 32)) == "x" * 32

    with pytest.raises(SettingsError):
        secret(Settings(secret="x" * 31))


def test_postgresql_needs_a_key_of_its_own():
    with pytest.raises(SettingsError):
        secret(Settings(database_url="postgresql://u@h/d"))


def test_keys_for_other_purposes_differ():
    assert len({SIGNER.key, SIGNER.derived("csrf"), SIGNER.derived("other")}) == 3
