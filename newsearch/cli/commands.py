"""Which commands there are, what each is for, and in which module it is.

    program.get_command(context, "query")       # the command, its module loaded now

A module is loaded when its command is asked for: to define the options of all takes longer than a search. What
each is for stands here, for the list that `newsearch --help` shows; a test compares it with what the command says of
itself.
"""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from newsearch.cli import streams
from newsearch.cli.options import Command, FreeTextCommand, WaitingCommand

__all__ = ["COMMANDS", "PANELS", "Commands", "Entry"]


class Entry(NamedTuple):
    """A command that can be loaded. `module` is of newsearch.cli, and has a function of that name."""

    module: str
    purpose: str
    kind: type[Command] = Command

    def load(self, name: str) -> Any:
        """The command under a name, from its module."""
        module = import_module(f"newsearch.cli.{self.module}")
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(name, epilog=module.EXAMPLES, cls=self.kind)(getattr(module, self.module))
        return typer.main.get_command(alone)


PANELS = {
    "Look after the index": {
        "index": Entry(
            "index", "Bring the index up to date with the files: new, changed and removed ones.", WaitingCommand
        ),
        "stats": Entry("stats", "Show what the index holds, how large it is, and how it grew."),
        "doctor": Entry("doctor", "Check every byte of the index, and name what is wrong in the archive."),
        "config": Entry("config", "Show the settings in force and where each came from."),
        "copy": Entry("copy", "Copy all that an index holds to another place, such as a cluster."),
    },
    "Find articles": {
        "query": Entry("query", "Find articles, best first.", FreeTextCommand),
        "show": Entry("show", "Show one article: its text, what it cites and what cites it."),
        "similar": Entry("similar", "Find more like one article, by its most telling words."),
        "related": Entry("related", "Show what citations lead to from one article, both ways."),
        "suggest": Entry("suggest", "Complete a word, topic or provider, those of most articles first."),
    },
    "See them as a whole": {
        "count": Entry("count", "Print how many articles a query finds, as a plain number.", FreeTextCommand),
        "facets": Entry("facets", "Count the articles of a query by a field.", FreeTextCommand),
        "timeline": Entry("timeline", "Count the articles of a query by day, week, month or year.", FreeTextCommand),
        "topics": Entry("topics", "List all topics, and how many articles have each; the most frequent first."),
        "providers": Entry(
            "providers",
            "List all providers by domain and name, and how many articles each has; the most frequent first.",
        ),
        "terms": Entry("terms", "Show what is typical of a query's hits: words, topics, providers.", FreeTextCommand),
        "brief": Entry("brief", "Write a page in Markdown: how many, when, and story by story.", FreeTextCommand),
    },
    "Keep up with a subject": {
        "save": Entry("save", "Save a query under a name, in place of the one that has it.", FreeTextCommand),
        "saved": Entry("saved", "List the saved queries, in the order of their file; or remove one."),
        "new": Entry("new", "Show the articles of a saved query that arrived since this was last asked."),
    },
    "Measure the ranking": {
        "eval": Entry("evaluate", "Measure the ranking on judged queries."),
        "judge": Entry(
            "judge",
            "Judge what two rankings find for your queries: shuffled, and without saying which found it.",
            FreeTextCommand,
        ),
    },
    "Serve others": {
        "serve": Entry("serve", "Serve the archive over HTTP: JSON, feeds, and a page to search it."),
        "mcp": Entry("mcp", "Serve the archive to a chat program, by the Model Context Protocol on stdin and stdout."),
    },
}
"""All commands by name, under the headings that help lists them under."""

COMMANDS = {name: entry for entries in PANELS.values() for name, entry in entries.items()}

_MEANT = {
    "search": "query",
    "find": "query",
    "get": "show",
    "update": "index",
    "rebuild": "index",
    "settings": "config",
    "like": "similar",
    "more": "similar",
    "histogram": "timeline",
    "report": "brief",
}
"""What other programs call our commands."""


class Commands(TyperGroup):
    """The commands of the program; one that is none is refused with the nearest."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group's signature
        """The names of all, those in COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the group's signature
        """The command of that name, or None; it is loaded once."""
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            self.commands[cmd_name] = COMMANDS[cmd_name].load(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first argument names, and the other arguments; `help query` is `query --help`."""
        if args[0] == "help":
            if len(args) == 1:
                streams.write(ctx.get_help() + "\n")
                raise typer.Exit
            args = [args[1], "--help"]
        if args[0] not in COMMANDS:
            from difflib import get_close_matches  # only for what is misspelt

            near = get_close_matches(args[0], [*COMMANDS, *_MEANT], n=1)
            advice = f"the nearest is {_MEANT.get(near[0], near[0])}" if near else f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"There is no command {args[0]}; {advice}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - the group's signature
        """Write the commands of the help, each under what it is for; what each is for is wrapped, not cut."""
        with formatter.section("Commands"):
            for panel, entries in PANELS.items():
                with formatter.section(panel):
                    formatter.write_dl([(name, entry.purpose) for name, entry in entries.items()])
