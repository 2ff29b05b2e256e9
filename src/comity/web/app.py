"""The list of all routes, and how the process that answers them is put together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler
from sqlalchemy import Engine as Database

from comity import __version__, db
from comity.actions.newsroom import Newsroom
from comity.detectors import Engine
from comity.settings import Settings
from comity.web import (
    accounts,
    api,
    appeals,
    console,
    coral,
    me,
    ops,
    pages,
    people,
    perspective,
    shared,
    signing,
    threads,
)
from comity.web.access import Who, guard, may
from comity.web.auth import Signer, Spent, long_enough, secret
from comity.web.cache import Threads
from comity.web.door import Door
from comity.web.errors import answer
from comity.web.glance import Glance
from comity.web.house import House
from comity.web.limits import Limits
from comity.web.metrics import Metrics
from comity.web.segments import make_whole
from comity.web.templating import templates

HERE = Path(__file__).parent
BODY_BYTES = 64 * 1024  # The longest comment in four-byte letters takes a third of it.


ROUTES: list[ControllerRouterHandler] = [
    # the public thread, the same for everybody
    threads.thread,  # GET /api/v1/sites/{site}/stories/{key}/comments
    threads.replies,  # GET /api/v1/comments/{id}/replies
    threads.place,  # GET /api/v1/comments/{id}
    threads.rules,  # GET /api/v1/sites/{site}/rules
    # a reader's own
    api.mine,  # GET /api/v1/sites/{site}/stories/{key}/mine
    api.post_comment,  # POST /api/v1/sites/{site}/stories/{key}/comments
    api.preview,  # POST /api/v1/sites/{site}/stories/{key}/comments:preview
    api.edit,  # PATCH /api/v1/comments/{id}
    api.withdraw,  # DELETE /api/v1/comments/{id}
    api.flag,  # POST /api/v1/comments/{id}/flags
    api.statement,  # GET /api/v1/comments/{id}/statement
    api.appeal_decision,  # POST /api/v1/decisions/{id}/appeals
    api.appeal_sanction,  # POST /api/v1/sanctions/{id}/appeals
    # signing in
    accounts.me,  # GET /api/v1/me
    accounts.token,  # POST /api/v1/token
    accounts.sign_in,  # POST /api/v1/sessions
    accounts.sign_out_everywhere,  # DELETE /api/v1/sessions
    accounts.register,  # POST /api/v1/accounts
    # pages for anybody
    pages.home,  # GET /
    pages.story,  # GET /{site}/stories/{key}
    pages.guidelines,  # GET /{site}/guidelines
    pages.guidelines_version,  # GET /{site}/guidelines/{version}
    pages.faq,  # GET /{site}/faq
    pages.terms,  # GET /{site}/terms
    pages.log,  # GET /{site}/log
    pages.script,  # GET /comity.js
    # pages on which people sign in and out
    signing.sign_in_form,  # GET /sign-in
    signing.sign_in,  # POST /sign-in
    signing.sign_in_from_publisher,  # GET /sign-in/publisher
    signing.register_form,  # GET /register
    signing.register,  # POST /register
    signing.sign_out,  # POST /sign-out
    signing.sign_out_everywhere,  # POST /sign-out/everywhere
    # a reader's own pages
    me.me,  # GET /me
    me.erase_form,  # GET /me/erase
    me.erase,  # POST /me/erase
    me.flag_form,  # GET /me/flags/{id}
    me.flag,  # POST /me/flags/{id}
    me.of_decision,  # GET /statements/{id}
    me.appeal_decision,  # POST /statements/{id}/appeals
    me.of_sanction,  # GET /statements/sanctions/{id}
    me.appeal_sanction,  # POST /statements/sanctions/{id}/appeals
    # the moderators' console
    console.waiting,  # GET /console
    console.comment,  # GET /console/comments/{id}
    console.decide,  # POST /console/comments/{id}/decisions
    console.undo,  # POST /console/comments/{id}/undo
    people.person,  # GET /console/people/{id}
    people.sanction,  # POST /console/people/{id}/sanctions
    people.lift,  # POST /console/sanctions/{id}/lift
    appeals.appeals,  # GET /console/appeals
    appeals.appeal,  # GET /console/appeals/{id}
    appeals.answer,  # POST /console/appeals/{id}
    # for operators
    ops.healthz,  # GET /healthz
    ops.readyz,  # GET /readyz
    ops.metrics,  # GET /metrics
]


def create_app(
    settings: Settings, database: Database | None = None, engine: Engine | None = None
) -> Litestar:
    """Put a process together: what it has at hand, its routes and its outermost door."""
    database = database or db.connect(settings.database_url)
    rooms = furnish(settings, database, engine or Engine.default(encoder=settings.encoder))
    app = Litestar(
        # The router brings the methods of one address together before they are registered: the
        # framework would wrap those that run in a thread once for each method.
        [Router("/", route_handlers=ROUTES), static_files()],
        guards=[guard],
        before_request=make_whole,
        exception_handlers={Exception: answer},
        csrf_config=csrf(rooms),
        template_config=templates(),
        openapi_config=openapi(),
        request_max_body_size=BODY_BYTES,
        lifespan=[ops.running],
        state=State({"house": rooms}, deep_copy=False),
        logging_config=None,
        pdb_on_exception=False,
        debug=False,
    )
    perspective.mount_beside(app, rooms)  # POST /v1alpha1/comments:analyze and others, with keys
    coral.mount_beside(app, rooms)  # POST /coral/moderate, with a secret
    app.asgi_handler = Door(app.asgi_handler, rooms)
    return app


def furnish(settings: Settings, database: Database, engine: Engine) -> House:
    """Bring together what the handlers share."""
    if settings.sso_secret:
        long_enough(settings.sso_secret, "COMITY_SSO_SECRET")
    signer = Signer(secret(settings), settings.url)
    newsroom = Newsroom(settings, engine, key=signer.derived("nudges").encode())
    glance = Glance(database)
    return House(
        settings=settings,
        database=database,
        newsroom=newsroom,
        signer=signer,
        spent=Spent(shared.folder()),
        limits=Limits.of(settings),
        glance=glance,
        threads=Threads(glance, threads.builder(database)),
        metrics=Metrics(),
    )


def static_files() -> Router:
    """Return the routes of the files that are served as they are."""
    return create_static_files_router(
        "/static",
        [HERE / "static"],
        opt=may(Who.ANYONE),
        cache_control=CacheControlHeader(public=True, max_age=300),
        resolve_symlinks=False,
    )


def csrf(rooms: House) -> CSRFConfig:
    """Return how forms are guarded; the API is not, since no cookie opens it."""
    return CSRFConfig(
        secret=rooms.signer.derived("csrf"),
        cookie_name="__Host-comity-form" if rooms.https else "comity-form",
        cookie_secure=rooms.https,
        cookie_httponly=True,
        exclude=[
            "^/api(/|$)",
            "^/static/",
            r"^/comity\.js$",
            "^/healthz$",
            "^/readyz$",
            "^/metrics$",
        ],
    )


def openapi() -> OpenAPIConfig:
    """Return how the description of the API is made."""
    return OpenAPIConfig(
        title="Comity",
        version=__version__,
        description="Reader comments governed by one guidelines file. See docs/api.md.",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: function_of(handler).__name__,
        components=Components(
            security_schemes={"reader": SecurityScheme(type="http", scheme="bearer")}
        ),
        openapi_router=Router(
            "/api",
            route_handlers=[],
            opt=may(Who.ANYONE),
            include_in_schema=False,
            before_request=only_the_description,
        ),
    )


def function_of(handler: HTTPRouteHandler) -> Callable[..., Any]:
    """Return the function that we wrote, from within what runs it in a thread."""
    function: Any = handler.fn
    while hasattr(function, "func"):
        function = function.func
    found: Callable[..., Any] = function
    return found


def only_the_description(request: Request[object, object, State]) -> None:
    """Refuse, in our own shape, what the framework would answer with a page of its own."""
    if not request.scope["path"].endswith("/openapi.json"):
        raise NotFoundException
