"""`python -m batchviz`: the command line."""

import sys

from batchviz.cli.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
