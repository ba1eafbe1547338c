"""`newsearch serve`: the archive over HTTP, with a page to search it.

    newsearch serve --port 8080

Only this machine can ask, unless it is said who else may.
"""

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from newsearch.cli import streams
from newsearch.cli.extras import extra
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, whole_number
from newsearch.errors import ConfigError, IndexMissing, QueryError

__all__ = ["EXAMPLES", "serve"]

EXAMPLES = """\b
Examples:
  newsearch serve                         open http://127.0.0.1:8000/
  newsearch serve --port 8080 --title "The harbour archive"
  curl 'http://127.0.0.1:8000/api/search?q=facial+recognition&limit=3'
  newsearch serve --host 0.0.0.0 --token-file token.txt --allow-host search.example

\b
Needs the extra serve: pip install 'newsearch[serve]'. The addresses are
listed in docs/http.md, and by the server itself at /openapi.json. An
index that is brought up to date is followed at once.
"""

_MOST_WORKERS = 64
_TOKEN_BYTES = 4096


def serve(
    *,
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", parser=whole_number, help="The port to listen on; 0: any free one.")
    ] = 8000,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What the archive is called.")] = "newsearch",
    token_file: Annotated[
        str | None,
        typer.Option("--token-file", metavar="FILE", help="Answer only who shows the token in this file."),
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Answer everybody, on other addresses too.")] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A name by which clients may know it. May be repeated."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin", metavar="URL", help="An origin whose pages may read the answers. May be repeated."
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help="The address by which clients know it, behind a proxy."),
    ] = None,
    paths: Annotated[bool, typer.Option("--paths", help="Tell where in the archive a file is.")] = False,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", parser=whole_number, help="Processes that answer, 1 to 64.")
    ] = 1,
    cache: Annotated[
        int, typer.Option("--cache", metavar="MB", parser=whole_number, help="Answers to remember, 0 to 4096 MB.")
    ] = 16,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Serve the archive over HTTP: JSON, feeds, and a page to search it.

    Runs until it is interrupted with Ctrl-C. With -v each request is told on stderr.
    """
    _check("--port", port, 0, 65_535)
    _check("--workers", workers, 1, _MOST_WORKERS)
    _check("--cache", cache, 0, 4096)
    with extra("serve", for_command="newsearch serve"):
        from newsearch.web import Rules, application, server
    token = None if token_file is None else _token(Path(token_file))
    rules = Rules(hosts=tuple(allow_host or ()), origins=tuple(allow_origin or ()), token=token)
    if not server.is_loopback(host) and token is None and not public:
        raise ConfigError(
            f"On --host {host} other machines could ask. Let those in who have a token with --token-file FILE, or "
            "everybody with --public."
        )
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings
    make = partial(
        application,
        settings.place,
        title=title,
        paths=paths,
        base_url=base_url,
        settings=settings.ranking,
        synonyms=settings.synonyms,
        rules=rules,
        kept=cache * 1_000_000,
    )
    try:
        # Damage and wrong synonyms are told now; an index may also be made later. The page is loaded here too, and
        # what it needs may be missing where another extra has brought the server along.
        with extra("serve", for_command="newsearch serve"):
            served = make()
        served.state.served.index()
    except IndexMissing as error:
        voice.warn(f"{error} Until then every search is answered with status 503.")
    voice.tell_log()
    sockets = server.listening(host, port)
    voice.note(f"Serving {settings.place} at {server.address(sockets[0])} (Ctrl-C ends it)")
    with suppress(KeyboardInterrupt):
        server.serve(make, sockets, workers=workers, access_log=verbose)
    voice.note("Ended.")


def _check(option: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise QueryError(f"{option} is {value}; it must be a whole number from {least} to {most:,}.")


def _token(file: Path) -> str:
    """The token that a file holds; not an option, for other users of the machine can see those."""
    try:
        with file.open("rb") as stream:
            return stream.read(_TOKEN_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The token file {file} cannot be read: {getattr(error, 'strerror', error)}.") from None
