"""The process of the command line: `python -m newsearch`, and the installed `newsearch`. The rest is `newsearch.cli`'s.

newsearch query facial recognition
"""

import gc
import os
import signal
import sys
from typing import NoReturn

__all__ = ["run"]

_GARBAGE_COLLECTED = 100_000
"""After how many new objects cycles among them are looked for. Commands make hardly any, and at Python's own 700 the
search for them is a tenth of the time of a query."""

_INTERRUPTED = 128 + signal.SIGINT


def run() -> NoReturn:
    """Run the command that the process was started with, and end with its exit code."""
    # While modules are loaded Ctrl-C ends the process at once, as it ends any other program, and not in a traceback
    # of whatever was being imported. Where a shell has it ignored (`nohup`, a job in the background), it stays so.
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_GARBAGE_COLLECTED)
    # NumPy's linear algebra, of which nothing is used, would start a thread for each CPU: a third of NumPy's start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from newsearch.cli import main  # noqa: PLC0415 - what is above has to come first

    try:
        if interruptible:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = main()
        if interruptible:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:  # between what `main` catches and here
        code = _INTERRUPTED
    # What is left goes with the process; Python would look through all of it once more.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
