import re
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eval.cases.model import Case
from eval.compare.model import Comparison, Flip, Gate, Row
from eval.report import write_markdown
from eval.report.markdown_text import plain, table
from eval.runs.model import CaseRecord, Run

ZERO_WIDTH = "\u200b"
ROW = Row(
    metric="right", slice="all", n=4, base=0.5, new=0.75, difference=0.25, low=-0.104, high=0.604, p=0.0412,
    p_holm=0.0824, gate=Gate(metric="right", tolerance=0.02, floor=0.8), failed="0.750 is below 0.800",
    too_small="4 cases tell little",
)  # fmt: skip
NASTY = (
    "| a | b |", "`code` ``x``", "<img src=x onerror=alert(1)>", "@someone and @org/team", "#12 GH-12 org/repo#3",
    "[a](https://evil.example)", "https://evil.example www.evil.example mailto:a@b.example", "**b** _i_ ~~s~~ $x$",
    "a\n\n# head\n- item", "-", "---", "12.", "===", "\\| \\` &lt; &#64;", "1. one", "- one", ":tada: 08:30:00",
    "<!-- a -->", "![i](x)", "\ue000@x",
)  # fmt: skip


def text_of(html: str) -> str:
    """Return the text of a piece of HTML as a reader sees it."""
    bare = re.sub(r"<[^>]*>", "", html)
    for name, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
        bare = bare.replace(f"&{name};", character)
    return bare.replace(ZERO_WIDTH, "").strip()


def rendered(markdown: str) -> str:
    """Return Markdown as HTML, with tables and strikethrough as GitHub has them."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


@given(st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.text("@#|`*_<>&[]()!\\~:/-+=.1wgh \n", max_size=30)))
@example("@a")
@example("1) x")
def test_text_stays_text(text: str) -> None:
    """In an item and in a cell, at their beginning too, a reader sees the very text, and no element comes of it."""
    shown = " ".join(text.replace("\ue000", "\ufffd").split())
    for markdown, tags in (
        (f"- {plain(text)}", {"ul", "li"}),
        (f"- **{plain('x' + text)}**", {"ul", "li", "strong"}),
        ("\n".join(table(("a", "b"), [("x", plain(text))], left=1)), {"table", "thead", "tbody", "tr", "th", "td"}),
    ):
        html = rendered(markdown)
        assert set(re.findall(r"<\s*/?\s*([a-zA-Z!][^\s>/]*)", html)) <= tags
        assert html.count("<td") in (0, 2)
        if not set(shown) & set("\x00\ufffd") and shown.isprintable():
            assert text_of(html).endswith(shown)


@given(st.one_of(st.sampled_from(NASTY), st.text("@#abGH-1:/w. ", max_size=30)))
def test_nothing_calls_anybody(text: str) -> None:
    """What GitHub looks for in rendered text is not there: mentions, references, addresses, emoji."""
    bare = re.sub(r"<[^>]*>", "", rendered(f"- x {plain(text)}"))
    assert not re.search(r"@\w|#\d|\bGH-\d|://|\bwww\.|:[a-z+][\w+-]*:", bare, re.IGNORECASE)


def test_the_whole(case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """Verdict, gates, slices, flips and warnings, with the figures as given."""
    cases = [case(id=f"S{i}", question=f"Who | what #{i}?") for i in range(4)]
    runs = run(*(record(one, scores={"right": float(i != 2)}) for i, one in enumerate(cases)))
    flips = tuple(
        Flip(case_id=case_id, slice="single", metric=metric, to=to)
        for case_id, metric, to in (("S2", "right", "worse"), ("S0", "right", "better"), ("S0", "em_2", "better"))
    )
    compared = Comparison(
        base="main", new="candidate", rows=(ROW,), flips=flips, errors_base=0, errors_new=2, warnings=("Ask @me",)
    )
    assert write_markdown(runs, compared) == (
        "### Pullquote evals: Failed: 1 of 1 gate\n"
        "\n"
        "**candidate** against **main**: sample-articles, 4 cases, replay, local:qwen2.5-coder-1.5b-instruct\n"
        "\n"
        "- Right answers, all: 0.750 is below 0.800\n"
        "\n"
        "| metric | slice | cases | base | new | difference (95 %) | p | held to | gate |\n"
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: |\n"
        "| Right answers | all | 4 | 0.500 | 0.750 | +0.250 (−0.104 to +0.604) | 0.082 | at least 0.800, may fall by "
        "0.020 | **fails** |\n"
        "\n"
        "| slice | cases | right | 95 % interval | errors | better | worse |\n"
        "| --- | --: | --: | --: | --: | --: | --: |\n"
        "| all | 4 | 3 of 4 | 0.301 to 0.954 | 0 | 1 | 1 |\n"
        "| single | 4 | 3 of 4 | 0.301 to 0.954 | 0 | 1 | 1 |\n"
        "\n"
        "**Worse: 1 case**\n"
        "\n"
        "- **S2** Who &#124; what &#35;&#8203;2? (single: right)\n"
        "\n"
        "**Better: 1 case**\n"
        "\n"
        "- **S0** Who &#124; what &#35;&#8203;0? (single: right, em\\_2)\n"
        "\n"
        "**To be read with care**\n"
        "\n"
        "- 2 cases without an answer (baseline 0), which are in no score\n"
        "- Ask @&#8203;me\n"
        "- Right answers, all: 4 cases tell little\n"
    ).replace("&#35;", "\\#")


def test_a_run_alone(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """Without a baseline the key figures stand in place of the gates, and no column of changes."""
    written = write_markdown(run(record(scores={"right": 1.0})))
    assert written.startswith("### Pullquote evals: Not compared with a baseline\n")
    assert "| Right answers | 1 | 1.000 | 0.207 to 1.000 |" in written
    assert "| single | 1 | 1 of 1 | 0.207 to 1.000 | 0 |\n" in written
    assert "better" not in written


def test_a_comment_stays_short(
    case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """Of 500 flips twenty a direction are shown, of long texts the beginning; GitHub takes 65,536 characters."""
    cases = [case(id=f"S{i}", question="@|`<" * 300) for i in range(500)]
    flips = tuple(
        Flip(case_id=one.id, slice="single", metric="right", to="better" if i % 2 else "worse")
        for i, one in enumerate(cases)
    )
    rows = tuple(ROW.model_copy(update={"slice": f"s{i}", "too_small": "x" * 999}) for i in range(60))
    compared = Comparison(base="b" * 999, new="n", rows=rows, flips=flips, errors_base=0, errors_new=0)
    written = write_markdown(run(*map(record, cases)), compared)
    assert written.count("- and 230 more cases") == 2
    assert len(re.findall(r"^- \*\*S\d+\*\*", written, re.MULTILINE)) == 40
    assert "and 40 more gates" in written
    assert len(written) < 65_536


def test_gates_that_fail_come_first(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """Whoever reads only the first row reads what matters."""
    held = ROW.model_copy(update={"failed": None, "slice": "held"})
    compared = Comparison(base="b", new="n", rows=(held, ROW), flips=(), errors_base=0, errors_new=0)
    written = write_markdown(run(record()), compared)
    assert written.index("**fails**") < written.index("| held |")
    assert "Failed: 1 of 2 gates" in written
