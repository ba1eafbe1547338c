"""What holds for every test: nobody's own settings reach it, and a property test takes the time it takes."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests import skips

# `newsearch` reads the first, rich and typer the others; each would make output differ from one terminal to the next.
_VARIABLES = (
    "COLORTERM",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
    "TTY_COMPATIBLE",
)

for name in [*_VARIABLES, *(name for name in os.environ if name.startswith("NEWSEARCH_"))]:
    os.environ.pop(name, None)

# A deadline would fail tests on a busy machine. In CI the examples are the same in every run, so that a red run is the
# fault of the change it tests.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped what it should have run; the tests of pytest's workers are told to this one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return
    found = skips.unexpected(reporter.stats.get("skipped", ()))
    if found:
        reporter.ensure_newline()
    for why, count in found.items():
        reporter.write_line(f"{count} skipped without being expected: {why}", red=True)
    if found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
