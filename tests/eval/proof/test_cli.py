import pytest

from eval.proof import __main__ as proof
from eval.proof.attacks import attacks
from eval.proof.trials import Trial
from service.contract import Answer

pytestmark = pytest.mark.slow


def test_a_few_attacks_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """What became of the attacks is printed with the bound of the rate, and the exit code tells breaches."""
    code = proof.main(["--attacks", "6", "--seed", "3"])
    out = capsys.readouterr().out
    assert "attacks   6\n" in out
    assert "obeyed " in out
    assert ("failed    0 of 6, a rate of at most 0.5000" in out) is (code == 0)


def test_a_breach_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 1, and the attack is named with what was broken."""
    (attack,) = attacks(1, seed=0)
    answer = Answer.model_construct(answer="", dropped=[])
    code = proof._report([Trial(attack, answer, ("a link is not the article's: [x]",)), Trial(attack, answer, ())])
    printed = capsys.readouterr()
    assert code == 1
    assert "failed    1 of 2, a rate of 0.5000" in printed.out
    assert f"attack-0 ({attack.kind}): a link is not the article's: [x]" in printed.err


def test_no_attack_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A run without attacks is no success."""
    assert proof._report([]) == 1
    assert "attacks   0" in capsys.readouterr().out
