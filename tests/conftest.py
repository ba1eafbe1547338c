"""What holds for every test: nobody's own settings reach it, and a property test takes the time it takes."""

import os

from hypothesis import HealthCheck, settings

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
