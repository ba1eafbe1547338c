"""The templates and what they are given: HTML out of values, with everything escaped.

    page = render("search.html", links=Links(""), ...)

Templates are in `templates/`, and nothing else on the page makes HTML. They are read when the first page is made.
"""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from newsearch import wording
from newsearch.web.page import texts
from newsearch.web.page.files import versions
from newsearch.web.page.reasons import Reason
from newsearch.weblinks import web_link

__all__ = ["render"]

_MOST: Final = {"body": 100_000, "text": 4000, "listed": 100}
"""What a page shows of one article: characters of its body and of other texts, and entries of a list."""


def render(template: str, **values: Any) -> bytes:
    """A template filled in, as UTF-8; what cannot be written so (half a surrogate pair) becomes a question mark."""
    return _environment().get_template(template).render(values).encode("utf-8", errors="replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newsearch.web.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        counted=wording.counted,
        most=_MOST,
        pieces=texts.pieces,
        reason=Reason.of,
        versions=versions(),
    )
    environment.filters.update(
        day=texts.day,
        figures=wording.figures,
        paragraphs=texts.paragraphs,
        provider_name=wording.provider_name,
        shortened=texts.shortened,
        web_link=web_link,
    )
    return environment
