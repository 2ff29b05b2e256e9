"""How a page is made of a template: everything is escaped, and a missing value is an error."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from comity.web.filters import FILTERS
from comity.web.house import Ask, house

TEMPLATES = Path(__file__).parent / "templates"


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    """Return the engine that renders pages; names ending otherwise than .html are escaped too."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def page(
    request: Ask,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Template:
    """Render a template with what every page knows: the publisher and who is asking."""
    every = {
        "publisher": house(request).settings.publisher,
        "person": request.scope.get("user"),
        "sign_in": sign_in(request),
    }
    return Template(
        template, context={**every, **context}, status_code=status, headers=headers or {}
    )


def sign_in(request: Ask) -> str:
    """Return where one signs in to come back to this page, if it is one to come back to."""
    path = request.url.path
    if request.method != "GET" or path.split("/")[1] in {"", "sign-in", "register"}:
        return "/sign-in"
    asked = f"{path}?{request.url.query}" if request.url.query else path
    return f"/sign-in?{urlencode({'return_to': asked})}"
