"""`python -m eval.proof`: attack the service with a chat model that obeys, and count the promises it breaks."""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.proof import corruption, everything, full, kills, sequences, served
from eval.proof.attacks import attacks
from eval.proof.trials import Trial, run_trials
from service.cli.output import console, stderr
from service.desk import Desk
from service.offline import force_offline
from service.settings import Settings

__all__ = ["main"]

_PARTS = {
    "kills": kills.main,
    "corruption": corruption.main,
    "sequences": sequences.main,
    "full": full.main,
    "served": served.main,
    "all": everything.main,
}
_EPILOG = f"Other proofs: {', '.join(_PARTS)}, each with its own --help."
_SHOWN = 20
_EVERY = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run the attacks and print what became of them; return 1 where a promise was broken."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given and (part := _PARTS.get(given[0])):
        return part(given[1:])
    parser = argparse.ArgumentParser(prog="python -m eval.proof", description=__doc__, epilog=_EPILOG)
    parser.add_argument("--attacks", type=int, default=1_000, help="how many; default: 1000, two minutes")
    parser.add_argument("--seed", type=int, default=0, help="which ones; the same seed makes the same attacks")
    options = parser.parse_args(given)
    force_offline()
    with TemporaryDirectory(prefix="pullquote-proof-", ignore_cleanup_errors=True) as folder:
        trials = asyncio.run(_run(Path(folder), options.attacks, options.seed))
    return _report(trials)


async def _run(folder: Path, n: int, seed: int) -> list[Trial]:
    desk = Desk.open(Settings(data_dir=folder, encoder="fake", chat_model="fake:obey", keep_answers_days=0))
    trials: list[Trial] = []
    try:
        async for trial in run_trials(desk, attacks(n, seed)):
            trials.append(trial)
            if len(trials) % _EVERY == 0:
                stderr().print(f"{len(trials)} of {n} attacks")
    finally:
        await desk.close()
    return trials


def _report(trials: Sequence[Trial]) -> int:
    broken = [trial for trial in trials if trial.breaches]
    out = console()
    out.print(f"attacks   {len(trials):,}")
    out.print(f"obeyed    {sum(trial.reached for trial in trials):,} by the chat model")
    out.print(f"answered  {sum(bool(trial.answer.answer) for trial in trials):,}")
    out.print(f"failed    {len(broken):,} of {len(trials):,}, a rate of {_rate(len(broken), len(trials))}")
    for kind, count in Counter(trial.attack.kind for trial in broken).most_common():
        out.print(f"  {count:4} {kind}")
    for trial in broken[:_SHOWN]:
        stderr().print(f"{trial.attack.article.id} ({trial.attack.kind}): {'; '.join(trial.breaches)}", markup=False)
    return 1 if broken or not trials else 0


def _rate(n: int, of: int) -> str:
    """Return the rate; of no breach, its bound at 95 % confidence, which is three in the number of trials."""
    return f"{n / of:.4f}" if n else f"at most {3 / max(of, 1):.4f}"


if __name__ == "__main__":
    sys.exit(main())
