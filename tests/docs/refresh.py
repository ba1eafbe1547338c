"""Write what the examples of a page print now into the page, where it differs from what is shown.

    python -m tests.docs.refresh docs/query-language.md

Read the difference afterwards: what changed by mistake looks the same here as what changed on purpose. Marks of outputs
that still match are kept; in new ones, put `[..]` where a time stands.
"""

import re
import sys
import tempfile
from pathlib import Path

from tests.docs import reference
from tests.docs.matching import trimmed
from tests.docs.pages import ROOT, Command
from tests.docs.project import Project
from tests.docs.running import needs_index, run

# What differs from one run to the next: how long it took, when the index was made, how large it is.
_VARYING = re.compile(
    r"\b\d+(?:\.\d+)?(?= m?s\b)|(?<=^updated {9})\d.*|(?<=^first indexed {2})\d.*|\S+(?= kB$)", re.MULTILINE
)


def refresh(page: Path) -> int:
    """Rewrite a page's outdated outputs; how many there were."""
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "built"
        if needs_index(page):
            Project(built).command("newsearch index")
        outcomes = list(run(page, Project(Path(folder) / "page", built=built if built.exists() else None)))
    count = 0
    # From the end, so that the lines before stay where they are.
    for outcome in reversed(outcomes):
        if outcome.fault is None:
            continue
        if not isinstance(outcome.example, Command):
            sys.stderr.write(f"{outcome.fault}\n")
            continue
        start = outcome.example.line + outcome.example.text.count("\n")
        end = start + len(outcome.example.output.splitlines())
        gap = ["\n"] if lines[end].startswith("$ ") else []
        lines[start:end] = [_VARYING.sub("[..]", trimmed(outcome.actual)), *gap]
        count += 1
    page.write_text("".join(lines), encoding="utf-8")
    return count


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if ROOT / argument == reference.PAGE:
            reference.PAGE.write_text(reference.text(), encoding="utf-8")
            continue
        sys.stderr.write(f"{argument}: {refresh(ROOT / argument)} outputs rewritten\n")
