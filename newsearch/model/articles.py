"""What an archive holds: files, the items in them, the articles that people search.

    item = NewsItem(title="Harbour ban", path="2020/harbour.md")

A part of `newsearch.model`, which has all the nouns; reading files is `newsearch.items`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

__all__ = [
    "LANGUAGES",
    "Article",
    "ArticleRef",
    "Image",
    "Kind",
    "NewsItem",
    "Provider",
    "RelatedArticle",
    "SourceFile",
]

Kind = Literal["item", "related"]
LANGUAGES = (
    *("danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian", "none", "norwegian"),
    *("portuguese", "russian", "spanish", "swedish"),
)
"""The languages that texts can be in; `none` takes words as they stand."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published an article. Either part may be missing; with neither, the article has no provider at all."""

    name: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article. Width and height are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    cached: bool | None = None


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article as the item that cites it describes it: text, address and provider, but no topics and no body.

    `address` is canonical (`newsearch.items.urls`) and never empty: a related article without an address has no
    identity, and the reader leaves it out with a remark. `quality` is None where unknown. Dates are aware and in UTC.
    """

    address: str
    title: str
    excerpt: str = ""
    date: datetime | None = None
    web_url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    type: str | None = None
    quality: int | None = None
    provider: Provider | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One file of the archive.

    `address` is the canonical web address, or `path:` and the path where there is none. `date` is when it was published
    and `updated` when it was last changed; both are aware, in UTC, and None where missing or unreadable. `quality` and
    `heat` are None where unknown (a heat below 0 means unknown too). `path` is relative to the archive, with `/`.
    """

    address: str
    title: str
    excerpt: str = ""
    body: str = ""
    path: str | None = None
    category: str | None = None
    date: datetime | None = None
    updated: datetime | None = None
    original_url: str | None = None
    web_url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    type: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[RelatedArticle, ...] = ()


class SourceFile(NamedTuple):
    """A file of an archive folder as it was when it was read.

    `root` names the folder, `path` is relative to it, with `/`. `size` is in bytes, `mtime_ns` in nanoseconds (0
    where it cannot be trusted to change with the content), `digest` is the BLAKE2b hash of the content, 16 bytes. It is
    a tuple, because one is made of every file of an archive whenever that is looked through for changes.
    """

    root: str
    path: str
    size: int
    mtime_ns: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Enough of an article to name it beside another one."""

    id: str
    title: str
    url: str | None = None
    date: datetime | None = None
    provider: Provider | None = None
    kind: Kind = "item"


@dataclass(frozen=True, slots=True)
class Article:
    """Everything the index knows of one article; what `newsearch show` prints.

    `id` is stable: it depends on the canonical address alone. `kind` is "item" for a file's own article and "related"
    for one known by citation alone. `path` is None for the latter. `related` are the articles it cites and `cited_by`
    the items that cite it, oldest first. `first_indexed` is when it first came into this index.
    """

    id: str
    address: str
    kind: Kind
    title: str
    excerpt: str = ""
    body: str = ""
    url: str | None = None
    path: str | None = None
    category: str | None = None
    date: datetime | None = None
    updated: datetime | None = None
    type: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[ArticleRef, ...] = ()
    cited_by: tuple[ArticleRef, ...] = ()
    first_indexed: datetime | None = None
