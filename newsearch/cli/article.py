"""One article for a spreadsheet, as a row, and for a document, as a page in Markdown.

    page(index.get("8eqtc2"))

How it looks on a terminal is `newsearch.cli.show`'s.
"""

from collections.abc import Sequence

from newsearch import wording
from newsearch.cli import markdown
from newsearch.cli.output import Column
from newsearch.cli.terminal import clean_lines
from newsearch.model import Article, ArticleRef

__all__ = ["COLUMNS", "page"]

_ALONE = ("csv",)
_BOTH = ("csv", "md")

COLUMNS = (
    Column("id", lambda article: article.id, where=_BOTH),
    Column("address", lambda article: article.address, where=_ALONE),
    Column("kind", lambda article: article.kind, where=_BOTH),
    Column("title", lambda article: article.title, where=_ALONE),
    Column("excerpt", lambda article: article.excerpt, where=_ALONE),
    Column("body", lambda article: article.body, where=_ALONE),
    Column("url", lambda article: article.url, where=_ALONE),
    Column("path", lambda article: article.path, where=_BOTH),
    Column("category", lambda article: article.category, where=_BOTH),
    Column("date", lambda article: article.date, where=_BOTH),
    Column("updated", lambda article: article.updated, where=_BOTH),
    Column("type", lambda article: article.type, where=_BOTH),
    Column("quality", lambda article: article.quality, where=_BOTH),
    Column("heat", lambda article: article.heat, where=_BOTH),
    Column("published", lambda article: article.published, where=_BOTH),
    Column("provider", lambda article: article.provider and article.provider.name, where=_BOTH),
    Column("domain", lambda article: article.provider and article.provider.domain, where=_BOTH),
    Column("topics", lambda article: article.topics, where=_BOTH),
    Column("images", lambda article: tuple(image.url for image in article.images), where=_ALONE),
    Column("related", lambda article: tuple(ref.id for ref in article.related), where=_ALONE),
    Column("cited_by", lambda article: tuple(ref.id for ref in article.cited_by), where=_ALONE),
    Column("first_indexed", lambda article: article.first_indexed, where=_BOTH),
)


def page(article: Article) -> str:
    """An article in Markdown. Its body is the Markdown that it is in the archive; all else shows as it is."""
    from newsearch.cli.output import Listing, table

    facts = [column for column in COLUMNS if column.where is _BOTH and column.value(article) not in (None, (), "")]
    blocks = [f"# {markdown.link(article.title, article.url)}\n"]
    if article.excerpt.strip():
        blocks.append(f"{markdown.text(article.excerpt)}\n")
    blocks.append(table(Listing(facts, [article], record=True)))
    for heading, refs in (("Cites", article.related), ("Cited by", article.cited_by)):
        if refs:
            blocks.append(f"## {heading} {wording.counted(len(refs), 'article')}\n\n{_references(refs)}")
    if article.body.strip():
        blocks.append(f"---\n\n{clean_lines(article.body.strip())}\n")
    return "\n".join(blocks)


def _references(refs: Sequence[ArticleRef]) -> str:
    return "".join(f"- {_reference(ref)}\n" for ref in refs)


def _reference(ref: ArticleRef) -> str:
    facts = [markdown.text(fact) for fact in (wording.provider_name(ref.provider), wording.day(ref.date)) if fact]
    return markdown.link(ref.title, ref.url) + (f" ({', '.join(facts)})" if facts else "")
