"""What `comity doctor` looks at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import Engine as Database
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from comity import db
from comity.actions.newsroom import Newsroom, adapters_on, is_outdated, places
from comity.commands.workers import cores, how_many
from comity.detectors import Engine
from comity.errors import ComityError
from comity.findings import Submission
from comity.guidelines import Guidelines
from comity.judge import judge
from comity.migrations import HEAD
from comity.models import Membership, Role, Site
from comity.settings import Settings, from_environment


class Finding(msgspec.Struct):
    """One thing that was looked at: is it well, and what there is to say."""

    what: str
    ok: bool
    says: str


def checkup() -> list[Finding]:
    """Look at everything; a trouble in one place does not hide the next."""
    found = [look("settings", lambda: f"{len(from_environment().__dict__)} settings read")]
    if not found[0].ok:
        return found
    settings = from_environment()
    found += [look("secret", partial(secret, settings)), look("engine", partial(engine, settings))]
    found.append(look("workers", partial(workers, settings)))
    found.append(look("database", partial(database, settings)))
    if found[-1].ok:
        found.append(look("staff", partial(staff, settings)))
        found.append(look("guidelines", partial(guidelines, settings)))
        found.append(look("learnt", partial(learnt, settings)))
    return found


def look(what: str, check: Callable[[], str]) -> Finding:
    """Run one check and tell its error with the remedy."""
    try:
        return Finding(what, ok=True, says=check())
    except ComityError as error:
        return Finding(what, ok=False, says=str(error))


@contextmanager
def connected(settings: Settings) -> Iterator[Database]:
    """Yield the database's engine, and let go of it."""
    database = db.connect(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()


def secret(settings: Settings) -> str:
    """Look at what signs sessions and tokens."""
    if settings.secret and len(settings.secret) < 32:
        raise ComityError("COMITY_SECRET is short.", remedy="Give at least 32 random characters.")
    if not settings.secret and not settings.database_url.startswith("sqlite"):
        raise ComityError("COMITY_SECRET is not set.", remedy="Set it; all machines share it.")
    if settings.url.startswith("http://") and settings.host not in {"127.0.0.1", "::1"}:
        raise ComityError(
            f"Readers reach this server at {settings.url}, without TLS.",
            remedy="Put a proxy with TLS in front and set COMITY_BASE_URL=https://…",
        )
    if settings.secret:
        return "given"
    file = Path(f"{make_url(settings.database_url).database}.secret")
    return f"kept in {file}" if file.exists() else f"to be made at the first start, in {file}"


def workers(settings: Settings) -> str:
    """Look how many processes answer, and whether there are cores for them."""
    count, there = how_many(settings, None), cores()
    if count > 2 * there:
        raise ComityError(
            f"{count} processes would share {there} core(s).",
            remedy=f"Set COMITY_WORKERS to {there} or less; 0 is one for each core.",
        )
    return f"{count} process(es) on {there} core(s)"


def database(settings: Settings) -> str:
    """Look whether the database answers and has this version's shape."""
    path = settings.database_url.removeprefix("sqlite:///")
    if settings.database_url.startswith("sqlite") and not Path(path).exists():
        raise ComityError(f"There is no {path} yet.", remedy="Run `comity init`.")
    with connected(settings) as found:
        revision = db.revision(found)
    if revision != HEAD:
        raise ComityError(
            f"It has revision {revision}; this version needs {HEAD}.",
            remedy="Run `comity init`, which loses nothing.",
        )
    return f"revision {revision}"


def staff(settings: Settings) -> str:
    """Look whether there is a site and somebody who owns it."""
    with connected(settings) as opened, db.reading(opened) as session:
        sites = session.scalar(select(func.count()).select_from(Site))
        owners = session.scalar(
            select(func.count()).select_from(Membership).where(Membership.role == Role.OWNER)
        )
    if not sites:
        raise ComityError("There is no site.", remedy="Run `comity init`.")
    if not owners:
        raise ComityError("Nobody is an owner.", remedy="Run `comity user add LOGIN --role owner`.")
    return f"{sites} site(s), {owners} owner(s)"


def guidelines(settings: Settings) -> str:
    """Look whether the guidelines in force can be obeyed on every site."""
    newsroom = Newsroom(settings, Engine.default(encoder=settings.encoder))
    with connected(settings) as opened, db.reading(opened) as session:
        slugs: dict[UUID | None, str] = {None: "the publisher"}
        slugs |= {id: slug for slug, id in session.execute(select(Site.slug, Site.id))}
        outdated = [slugs[id] for id in places(session) if is_outdated(session, newsroom, id)]
        found = {slug: newsroom.guidelines(session, id) for id, slug in slugs.items() if id}
    if outdated:
        raise ComityError(
            f"What those of {', '.join(outdated)} extend has changed since they came into force.",
            remedy="Run `comity init`, which puts them in force upon the changed text.",
        )
    return ", ".join(
        f"{slug}: {len(one.rules)} rules, version {one.version[:12]}" for slug, one in found.items()
    )


def learnt(settings: Settings) -> str:
    """Look whether what sites have learnt and switched on can be used."""
    newsroom = Newsroom(settings, Engine.default(encoder=settings.encoder))
    with connected(settings) as opened, db.reading(opened) as session:
        slugs = {id: slug for slug, id in session.execute(select(Site.slug, Site.id))}
        found = {slugs[id]: version for id, version in adapters_on(session)}
        engines = {slug: newsroom.with_adapter(session, found[slug]) for slug in found}
    if unused := [slug for slug, one in engines.items() if one is newsroom.engine]:
        raise ComityError(
            f"What {', '.join(unused)} learnt is for another engine, and not used.",
            remedy="Learn anew with `comity learn`, or switch it off with `comity learn off`.",
        )
    for slug, one in engines.items():
        if judge(Submission.of("Good morning."), newsroom.packaged, one).undetermined:
            raise ComityError(
                f"What {slug} learnt cannot look; its comments are held for a person.",
                remedy="Learn anew with `comity learn`, or switch it off with `comity learn off`.",
            )
    on = (f"{slug}: adapter {version[:12]}" for slug, version in found.items())
    return ", ".join(on) or "no adapter is on"


def engine(settings: Settings) -> str:
    """Look whether every detector answers."""
    packaged = Engine.default(encoder=settings.encoder)
    verdict = judge(Submission.of("Good morning."), Guidelines.default(), packaged)
    if verdict.undetermined:
        raise ComityError(
            f"These detectors cannot look: {', '.join(verdict.undetermined)}.",
            remedy="Install Comity again; until then such comments are held for a person.",
        )
    return f"{len(packaged.detectors)} detectors, version {packaged.version[:12]}"
