"""The pictures of README.md: a terminal, and the page in a browser.

    make pictures           writes docs/pictures/terminal.svg and page.png

Both show the example archive, with real outputs. The terminal is text, set by rich, in whatever monospaced font its
reader has; the page needs Debian's `chromium`.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COLUMNS = 96
QUERY = "facial recognition"
COMMANDS = (
    ("query", QUERY, "-n", "3"),
    ("timeline", QUERY, "--since", "2020-07", "--until", "2020-12"),
    ("facets", "provider:4", QUERY),
)
# rich's own picture, without the fonts that it would load from elsewhere and the frame's buttons.
FRAME = """\
<svg viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>newsearch in a terminal</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
<rect fill="#1c1f26" width="{terminal_width}" height="{terminal_height}" rx="8"/>
<g transform="translate(12, 6)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def newsearch(folder: Path, *words: str) -> list[str]:
    """A command line of newsearch, run in this checkout's code wherever it stands."""
    return [sys.executable, "-m", "newsearch", *words, "--index", str(folder)]


def environment() -> dict[str, str]:
    """A terminal with colours, however this is run."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FORCE_COLOR": "1",
        "COLUMNS": str(COLUMNS),
        "TERM": "xterm-256color",
    }


def terminal(index: Path, picture: Path) -> None:
    """Commands and what they print, as an SVG."""
    # Two columns more are the picture's margin.
    console = Console(record=True, width=COLUMNS + 2, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for words in COMMANDS:
        command = newsearch(index, *words, "--format", "table")
        shown = subprocess.run(command, env=environment(), cwd=ROOT, capture_output=True, text=True, check=True).stdout
        typed = " ".join(f'"{word}"' if " " in word else word for word in words)
        console.print(Text(f"$ newsearch {typed}", style="bold bright_green"))
        # How long it took differs from run to run, and the picture should not.
        console.print(Text.from_ansi(re.sub(r", [\d.]+ ms", "", shown).rstrip("\n")))
        console.print()
    drawn = console.export_svg(title="", code_format=FRAME, unique_id="newsearch", font_aspect_ratio=0.61)
    picture.write_text(drawn, encoding="utf-8")


def page(index: Path, picture: Path) -> None:
    """The page with a query's hits, as a PNG."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("The picture of the page needs chromium: apt-get install chromium")
    command = newsearch(index, "serve", "--port", "0", "--title", "The example archive")
    with subprocess.Popen(command, env=environment(), cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = server.stderr.readline() if server.stderr else ""
            address = re.search(r"http://[\w.]+:\d+/", said)
            if address is None:
                sys.exit(said)
            options = ["--headless", "--disable-gpu", "--hide-scrollbars", "--window-size=1180,820"]
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                options.append("--no-sandbox")  # which chromium asks for, of root
            asked = f"{address[0]}?q={QUERY.replace(' ', '+')}"
            for _ in range(3):  # the first answers pay for opening the index, and the picture shows the time
                urllib.request.urlopen(asked).close()
            subprocess.run([chromium, *options, f"--screenshot={picture}", asked], check=True, capture_output=True)
        finally:
            server.terminate()


def main() -> None:
    """Make both."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        subprocess.run(
            [*newsearch(index, "index"), str(ROOT / "data")],
            env=environment(),
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        terminal(index, HERE / "terminal.svg")
        page(index, HERE / "page.png")


if __name__ == "__main__":
    main()
