"""Articles as JSON, and what is found from one or from a query on.

    article_to_dict(index.get("8eqtc2"))

A part of `newsearch.wire`.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from newsearch.findings import Relations, TypicalTerm, TypicalTerms
from newsearch.model import Article, Image
from newsearch.wire.parts import VERSION, date_text, provider_parts, ref_parts

__all__ = ["article_to_dict", "completion_parts", "completions_to_dict", "relations_to_dict", "terms_to_dict"]


def article_to_dict(article: Article) -> dict[str, Any]:
    """One article with everything known of it, under `article`."""
    return {
        "version": VERSION,
        "article": {
            "id": article.id,
            "address": article.address,
            "kind": article.kind,
            "title": article.title,
            "excerpt": article.excerpt,
            "body": article.body,
            "url": article.url,
            "path": article.path,
            "category": article.category,
            "date": date_text(article.date),
            "updated": date_text(article.updated),
            "type": article.type,
            "quality": article.quality,
            "heat": article.heat,
            "published": article.published,
            "provider": provider_parts(article.provider),
            "topics": list(article.topics),
            "images": [_image(image) for image in article.images],
            "related": [ref_parts(ref) for ref in article.related],
            "cited_by": [ref_parts(ref) for ref in article.cited_by],
            "first_indexed": date_text(article.first_indexed),
        },
    }


class _Offered(Protocol):
    """A Completion, or what the command line offers beside those."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def count(self) -> int | None: ...


def completions_to_dict(prefix: str, completions: Sequence[_Offered]) -> dict[str, Any]:
    """What a prefix may become, under `completions`, in order."""
    return {"version": VERSION, "completions": {"prefix": prefix, "values": [*map(completion_parts, completions)]}}


def completion_parts(completion: _Offered) -> dict[str, Any]:
    """One of them."""
    return {"text": completion.text, "kind": completion.kind, "count": completion.count}


def relations_to_dict(relations: Relations) -> dict[str, Any]:
    """What citations lead to from an article, under `relations`; nearest first."""
    return {
        "version": VERSION,
        "relations": {
            "article": ref_parts(relations.article),
            "depth": relations.depth,
            "total": relations.total,
            "articles": [
                {
                    "article": ref_parts(found.article),
                    "distance": found.distance,
                    "links": found.links,
                    "path": [
                        {"by": step.by, "id": step.article.id, "title": step.article.title} for step in found.path
                    ],
                }
                for found in relations.articles
            ],
        },
    }


def terms_to_dict(terms: TypicalTerms) -> dict[str, Any]:
    """What is typical of a query's hits, under `terms`; strongest first."""
    return {
        "version": VERSION,
        "terms": {
            "text": terms.request.text,
            "parsed": terms.parsed,
            "against": terms.against,
            "against_parsed": terms.against_parsed,
            "relaxed": terms.relaxed,
            "as_of": date_text(terms.as_of),
            "total": terms.total,
            "others": terms.others,
            "words": [_typical(term) for term in terms.words],
            "topics": [_typical(term) for term in terms.topics],
            "providers": [_typical(term) for term in terms.providers],
            "took_ms": round(terms.took_ms, 3),
            "warnings": list(terms.warnings),
        },
    }


def _image(image: Image) -> dict[str, Any]:
    return {"url": image.url, "width": image.width, "height": image.height, "cached": image.cached}


def _typical(term: TypicalTerm) -> dict[str, Any]:
    return {"value": term.value, "hits": term.hits, "others": term.others, "strength": term.strength}
