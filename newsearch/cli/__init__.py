"""The command line, `newsearch`: what a person or a script types, read, answered and ended with an exit code.

    sys.exit(main(["query", "facial recognition", "--limit", "5"]))

One file a command; what they share is in `options` (what is typed), `streams` (where output goes), `terminal` (what may
be shown), `render` and its neighbours (how it looks), `advice` (how errors speak) and `exits` (the codes). Nothing is
searched or read here: that is `newsearch.library`. The library, its engine and rich are imported by the commands that
need them when they run, and a command by `commands` when it is asked for, so that `newsearch --help` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import newsearch
from newsearch.cli import advice, exits, streams
from newsearch.cli.commands import Commands

__all__ = ["main"]

_EXAMPLES = """\b
Examples:
  newsearch index data                          read a folder of Markdown files
  newsearch query facial recognition            search it
  newsearch query amazon -china --since 2020-09
  newsearch query '"facial recognition" provider:salon.com' --json
  newsearch show k3v9q2                         everything known of one article
  newsearch brief facial recognition            a page to paste

\b
Results go to stdout, everything else to stderr. Exit codes: 0 done;
1 no success (--fail-empty, --strict, a fault, a full disk); 2 wrong usage;
3 no usable index; 4 the index is being written; 130 interrupted.
"""

_COMPLETE = "_NEWSEARCH_COMPLETE"
"""The variable in which the shells' scripts for completion, which are typer's, say that they are asking, and who."""

app = typer.Typer(
    name="newsearch",
    cls=Commands,
    help="Full-text search for a curated news archive.",
    epilog=_EXAMPLES,
    # Plain help: what draws boxes takes longer to import than everything else here.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

# The class of wrong usage has another home in every other release of typer; its subclass has always been public.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _print_version(wanted: bool) -> None:
    if wanted:
        streams.write(f"newsearch {newsearch.__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _newsearch(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has done all there is to do
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(exits.WRONG_USAGE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, of the process's arguments unless others are given, and return its exit code.

    Every error ends in one line on stderr; with -v, one that nobody expected in a traceback too.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    streams.prepare()
    try:
        code = _run(arguments)
        # A closed pipe or a full disk shows here at the latest; at Python's exit it would be too late.
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        streams.silence_stdout()
        return exits.DONE
    except KeyboardInterrupt:
        streams.say("newsearch: interrupted.")
        return exits.INTERRUPTED
    except OSError as error:
        streams.silence_stdout()
        place = f"{error.filename}: " if error.filename else ""
        streams.say(f"newsearch: {place}{error.strerror or error}.")
        _trace(arguments)
        return exits.UNSUCCESSFUL
    except Exception as error:  # noqa: BLE001 - a traceback helps no one who did not ask for it
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        hint = "" if _wants_traceback(arguments) else " Run it with -v for the traceback."
        streams.say(f"newsearch: this should not have happened: {text}.{hint}")
        _trace(arguments)
        return exits.UNSUCCESSFUL
    return code


def _run(arguments: list[str]) -> int:
    # Not `app()`: it ends the process itself, and takes a closed pipe for a failure.
    command = typer.main.get_command(app)
    if instruction := os.environ.get(_COMPLETE):
        from newsearch.cli import completion  # only for a shell that asks

        return completion.answer(command, instruction)
    try:
        with command.make_context("newsearch", arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except _UsageError as error:
        where = getattr(getattr(error, "ctx", None), "command_path", None) or "newsearch"
        streams.say(f"newsearch: {advice.usage(error)} See: {where} --help")
        return exits.WRONG_USAGE
    return exits.DONE


def _wants_traceback(arguments: Sequence[str]) -> bool:
    # Read from the arguments: the error may have come before they were understood.
    return "-v" in arguments or "--verbose" in arguments


def _trace(arguments: Sequence[str]) -> None:
    if _wants_traceback(arguments):
        import traceback  # only for what should not happen

        for line in traceback.format_exc().splitlines():
            streams.say(line)
