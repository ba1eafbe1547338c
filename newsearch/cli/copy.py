"""`newsearch copy`: an index moved to a cluster, or back, without its files.

newsearch copy --to http://127.0.0.1:9200/news
"""

from typing import Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, streams
from newsearch.cli.options import IndexFolder, Quiet, Verbose
from newsearch.cli.progress import ProgressBar

__all__ = ["EXAMPLES", "copy"]

EXAMPLES = """\b
Examples:
  newsearch copy --to http://127.0.0.1:9200/news
  newsearch copy --to 'http://127.0.0.1:9200/news?shards=3&replicas=1'
  newsearch copy --index http://127.0.0.1:9200/news --to index
"""


def copy(
    to: Annotated[str, typer.Option("--to", metavar="PLACE", help="Where to: an address, or a folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace an index that is there.")] = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Copy all that an index holds to another place, such as a cluster.

    The files it was made of are not needed. What is there is replaced at one moment, when all has arrived.
    """
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive, ProgressBar(shown=not quiet) as progress:
        outcome = archive.copy(to, replace=yes, progress=progress)
    items, articles = wording.counted(outcome.items, "item"), wording.counted(outcome.articles, "article")
    voice.note(f"{items}, {articles} copied to {to}")
