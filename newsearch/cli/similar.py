"""`newsearch similar`: more like one article, by its most telling words.

    newsearch similar k3v9q2 --since 2020-09

The result is a query's; with -v it is said which words were asked for.
"""

from newsearch.cli import asking, formats, query, streams
from newsearch.cli.filtering import Filters, filtered_but, request_of
from newsearch.cli.formats import ArticleFormat, Null, ShortForJson
from newsearch.cli.options import (
    Explain,
    FailEmpty,
    Grouped,
    IndexFolder,
    Limit,
    MaxPerProvider,
    Offset,
    Quiet,
    Reference,
    Sorting,
    Verbose,
)

__all__ = ["EXAMPLES", "similar"]

EXAMPLES = """\b
Examples:
  newsearch similar k3v9q2
  newsearch similar https://www.salon.com/2020/09/13/a-story/ --since 2020-09
  newsearch similar k3v9q2 --group story --max-per-provider 1

\b
With -v the words are shown that it asks for, a query to change and ask
again. A line of --format plain is that of newsearch query.
"""


@filtered_but("match")
def similar(
    *,
    reference: Reference,
    format: ArticleFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
    limit: Limit = None,
    offset: Offset = None,
    sort: Sorting = None,
    filters: Filters,
    group: Grouped = None,
    max_per_provider: MaxPerProvider = None,
    explain: Explain = False,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Find more like one article, by its most telling words."""
    chosen = formats.chosen(format, json, null, among=formats.ARTICLES)
    request = request_of(
        (),
        filters,
        limit=limit,
        offset=offset,
        sort=sort,
        explain=explain,
        group=group,
        max_per_provider=max_per_provider,
    )
    asking.check(request)
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        result = archive.ask_similar(reference, request)
        query.show(result, chosen, voice)
    asking.comment(result, voice, index)
    asking.end(result.total, fail_empty=fail_empty)
