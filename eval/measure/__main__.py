"""`python -m eval.measure SET`."""

import sys

from eval.measure.cli import main

sys.exit(main())
