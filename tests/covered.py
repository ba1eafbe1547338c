"""How much of each package tests run: lines, and branches taken both ways.

    python -m tests.covered         after `make coverage`, whose last step it is

The figures are for finding what nobody tried, not for comparing; the lines themselves are in build/coverage/html.
"""

import json
import tempfile
from collections import defaultdict
from pathlib import Path, PurePosixPath

from coverage import Coverage

__all__: list[str] = []

_KINDS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def by_package() -> dict[str, list[int]]:
    """For each folder of the package, its statements, those run, its branches, and those taken."""
    recorded = Coverage()
    recorded.load()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        recorded.json_report(outfile=str(file))
        files = json.loads(file.read_text(encoding="utf-8"))["files"]
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(_KINDS))
    for name, report in files.items():
        package = PurePosixPath(name).parent.as_posix()
        for key in (package, "all"):
            found[key] = [had + report["summary"][kind] for had, kind in zip(found[key], _KINDS, strict=True)]
    return dict(sorted(found.items(), key=lambda entry: (entry[0] == "all", entry[0])))


def main() -> None:
    """Print the table."""
    print(f"{'':<30}{'lines':>8}{'run':>9}{'branches':>10}{'taken':>9}")
    for package, (lines, run, branches, taken) in by_package().items():
        print(f"{package:<30}{lines:>8,}{_share(run, lines):>9}{branches:>10,}{_share(taken, branches):>9}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


if __name__ == "__main__":
    main()
