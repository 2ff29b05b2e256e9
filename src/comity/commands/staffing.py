"""`comity init`, `comity site`, `comity user`: the installation, its publications, its people."""

import secrets
import sys
from collections.abc import Sequence

import click
from sqlalchemy import func, select

from comity import db
from comity.actions import leaving, newsroom, sites, users
from comity.commands import as_json, now, print_json
from comity.commands.office import Installation, opened
from comity.errors import GuidelinesError
from comity.models import Comment, Membership, Role, Site, User

ROLES = click.Choice([role.value for role in Role])
ERASED = "Name, sign-in, roles and the words of comments, flags and appeals are erased."
STAYS = "Decisions and sanctions stay, without a name; so does what others quoted."
password_option = click.option(
    "--password", help="Given here it stands in the shell's history; better let it be asked."
)


@click.command()
@click.option("--owner", help="Make an owner with this login.")
@password_option
@click.option("--name", default="Main", show_default=True, help="The first site's name.")
@click.option("--origin", "origins", multiple=True, help="Where it may be embedded; may repeat.")
def init(owner: str | None, password: str | None, name: str, origins: tuple[str, ...]) -> None:
    """Make the database, or bring it to this version's shape; nothing is lost.

    Makes the site `main` if there is none.
    """
    office = opened(migrated=False)
    if prepare(office, name=name, origins=list(origins)):
        click.echo("Made the site `main`.")
    if owner:
        add_user(office, owner, name=owner, password=password, role=Role.OWNER, slug=None)
    click.echo(f"Ready: {office.settings.database_url}")


def prepare(office: Installation, *, name: str = "Main", origins: Sequence[str] = ()) -> bool:
    """Bring all to this version's shape; return whether a first site had to be made."""
    db.migrate(office.database)
    renew(office)
    with db.transaction(office.database) as session:
        if session.scalar(select(Site.id).limit(1)) is not None:
            return False
        sites.create(
            session,
            office.newsroom,
            slug=sites.DEFAULT,
            name=name,
            origins=list(origins),
            now=now(),
        )
    return True


def renew(office: Installation) -> None:
    """Put guidelines that extend the packaged ones in force anew where those have changed."""
    try:
        with db.transaction(office.database) as session:
            renewed = newsroom.renew(session, office.newsroom, by=None, now=now())
            slugs = {site.id: site.slug for site in session.scalars(select(Site))}
    except GuidelinesError as error:
        click.echo(f"The guidelines in force stay upon an earlier text. {error}", err=True)
        return
    for site_id, made in renewed:
        whose = f"of {slugs[site_id]}" if site_id else "of the publisher"
        click.echo(
            f"The guidelines {whose} extend a text that has changed: "
            f"now version {made.version[:12]} is in force."
        )


@click.group()
def site() -> None:
    """Publications of this publisher."""


@site.command(name="add")
@click.argument("slug")
@click.option("--name", help="As readers see it; the slug when absent.")
@click.option("--origin", "origins", multiple=True, help="https://news.example.org; may repeat.")
def add_site(slug: str, name: str | None, origins: tuple[str, ...]) -> None:
    """Add the site SLUG, embeddable on the pages of its origins."""
    office = opened()
    with db.transaction(office.database) as session:
        sites.create(
            session,
            office.newsroom,
            slug=slug,
            name=name or slug,
            origins=list(origins),
            now=now(),
        )
    click.echo(f"Added the site `{slug}`.")


@site.command(name="list")
@as_json
def list_sites(*, json: bool) -> None:
    """List the sites."""
    office = opened()
    with db.reading(office.database) as session:
        found = [
            {"slug": row.slug, "name": row.name, "origins": row.origins}
            for row in session.scalars(select(Site).order_by(Site.slug))
        ]
    if json:
        print_json(found)
    for entry in [] if json else found:
        click.echo(f"{entry['slug']}\t{entry['name']}\t{' '.join(entry['origins'])}")


@click.group()
def user() -> None:
    """Readers and staff."""


@user.command(name="add")
@click.argument("login")
@click.option("--name", help="As other readers see it; the login when absent.")
@password_option
@click.option("--role", type=ROLES, help="Make a member of staff.")
@click.option("--site", "slug", help="The role is on this site; on all when absent.")
def add_account(
    login: str, name: str | None, password: str | None, role: str | None, slug: str | None
) -> None:
    """Add a local account LOGIN."""
    add_user(
        opened(),
        login,
        name=name or login,
        password=password,
        role=Role(role) if role else None,
        slug=slug,
    )


@user.command(name="grant")
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--site", "slug", help="On this site; on all when absent.")
def grant(login: str, role: str, slug: str | None) -> None:
    """Give LOGIN a ROLE: moderator, editor or owner."""
    office = opened()
    with db.transaction(office.database) as session:
        person = users.by_login(session, login)
        where = sites.by_slug(session, slug) if slug else None
        users.grant(session, office.newsroom, user=person, site=where, role=Role(role), now=now())
    click.echo(f"{login} is {role} {'on ' + slug if slug else 'everywhere'}.")


@user.command(name="list")
@as_json
def list_staff(*, json: bool) -> None:
    """List the staff with their roles."""
    office = opened()
    with db.reading(office.database) as session:
        rows = session.execute(
            select(User.login, User.name, Membership.role, Site.slug)
            .join(Membership, Membership.user_id == User.id)
            .outerjoin(Site, Site.id == Membership.site_id)
            .order_by(User.name)
        ).all()
    found = [
        {"login": login, "name": name, "role": role.value, "site": slug}
        for login, name, role, slug in rows
    ]
    if json:
        print_json(found)
    for entry in [] if json else found:
        where = entry["site"] or "everywhere"
        click.echo(f"{entry['login']}\t{entry['name']}\t{entry['role']} {where}")


@user.command(name="erase")
@click.argument("login")
@click.option("--external", is_flag=True, help="LOGIN is the publisher's own id of the reader.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def erase_account(login: str, *, external: bool, yes: bool, json: bool) -> None:
    """Erase the person with the account LOGIN; it cannot be undone.

    Name, sign-in, roles and the words of all comments, flags and appeals are erased, and so are the
    records of how the comments were judged. Decisions and sanctions stay, without a name, and so
    does what others quoted.
    """
    office = opened()
    find = users.by_publishers_id if external else users.by_login
    with db.reading(office.database) as session:
        person = find(session, login)
        count = session.scalar(select(func.count()).where(Comment.author_id == person.id)) or 0
    if not yes:
        click.echo(f"{person.name}, {count} comment(s).\n{ERASED}\n{STAYS}", err=True)
        click.confirm("Erase this person? It cannot be undone.", abort=True, err=True)
    with db.transaction(office.database) as session:
        gone = leaving.erase(
            session,
            office.newsroom,
            user=session.get_one(User, person.id),
            by=None,
            now=now(),
        )
        told = {"id": gone.id, "comments": count, "erased_at": gone.erased_at}
    if json:
        print_json(told)
    else:
        click.echo(f"Erased {login} and the words of {count} comment(s). {STAYS}")


def add_user(
    office: Installation,
    login: str,
    *,
    name: str,
    password: str | None,
    role: Role | None,
    slug: str | None,
) -> None:
    """Make an account, asking for a password or making one, and give it its role."""
    made = password is None and not sys.stdin.isatty()
    chosen = password or (secrets.token_urlsafe(12) if made else ask_password())
    hashed = users.hash_password(chosen)
    with db.transaction(office.database) as session:
        person = users.register(
            session, office.newsroom, name=name, login=login, hashed=hashed, now=now()
        )
        if role:
            where = sites.by_slug(session, slug) if slug else None
            users.grant(session, office.newsroom, user=person, site=where, role=role, now=now())
    click.echo(f"Added {login}." + (f" Password: {chosen}" if made else ""))


def ask_password() -> str:
    """Ask for a new password, twice."""
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
