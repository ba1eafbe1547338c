"""`python -m newsearch`: the command line without the installed script. All of it is in `newsearch.cli`."""

import sys

from newsearch.cli import main

if __name__ == "__main__":
    sys.exit(main())
