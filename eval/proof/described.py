"""`python -m eval.proof.described`: the description of the API against a running service, by schemathesis.

All checks, with many examples an operation and with sequences of operations; `schemathesis.toml` says what a schema
cannot.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.serving import serving
from service.tokens import TokenStore

__all__ = ["main"]

_CONFIG = Path(__file__).parent / "schemathesis.toml"


def main(argv: Sequence[str] | None = None) -> int:
    """Run schemathesis; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.proof.described", description=__doc__, allow_abbrev=False)
    parser.add_argument("--examples", type=int, default=500, help="for each operation; default: 500")
    options = parser.parse_args(argv)
    with TemporaryDirectory(prefix="pullquote-proof-", ignore_cleanup_errors=True) as folder:
        secret = TokenStore(Path(folder) / "tokens.json").create("proof", "admin")
        settings = {"encoder": "fake", "chat_model": "fake:extract", "rate_limit": "none"}
        settings["tokens_file"] = str(Path(folder) / "tokens.json")
        with serving(Path(folder), settings) as url:
            command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(_CONFIG), "run"]
            given = ["--max-examples", str(options.examples), "--header", f"Authorization: Bearer {secret}"]
            return subprocess.run([*command, *given, f"{url}/openapi.json"], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
