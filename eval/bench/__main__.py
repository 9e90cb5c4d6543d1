"""`python -m eval.bench`."""

import sys

from eval.bench.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
