from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.service.web.conftest import Site

pytestmark = pytest.mark.slow

pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
Run = Callable[..., object]
_CALL = """async ([name, what, args]) => {
    const module = await import(`/assets/js/${name}.js`);
    return module[what](...args);
}"""
_EVENTS = """async ([text, size]) => {
    const {events} = await import('/assets/js/sse.js');
    const bytes = new TextEncoder().encode(text);
    const stream = new ReadableStream({start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
    }});
    const found = [];
    for await (const {name, data} of events(stream)) found.push([name, data]);
    return found;
}"""


@pytest.fixture(scope="module")
def page(site: "Site", contexts: Callable[..., "BrowserContext"]) -> "Page":
    """Return a page whose scripts can be called."""
    opened = contexts("desktop", "light").new_page()
    opened.goto(site.url)
    return opened


@pytest.fixture
def run(page: "Page") -> Run:
    """Return what calls a function of a script."""
    return lambda name, what, *args: page.evaluate(_CALL, [name, what, list(args)])


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_events_are_parsed_however_they_are_cut(page: "Page", size: int) -> None:
    """Names, data over several lines, comments, all three line ends and wide characters; what has no end is none."""
    text = (
        ': hello\n\nevent: stage\ndata: {"a":1}\n\n'
        "event:searched\r\ndata: one\r\ndata:two\r\nid: 5\r\nretry: 1\r\n\r\n"
        "data: 𝔗🛬\r\revent: none\n\ndata\n\nevent: final\ndata: cut off"
    )
    assert page.evaluate(_EVENTS, [text, size]) == [
        ["stage", '{"a":1}'],
        ["searched", "one\ntwo"],
        ["message", "𝔗🛬"],
        ["message", ""],
    ]


def test_offsets_count_code_points(page: "Page") -> None:
    """A slice is that of Python, whatever stands before it."""
    text = "a𝔗é🛬👩‍👩‍👧e\u0301z\u2028\n終"
    places = [(start, end) for start in range(len(text) + 2) for end in range(start, len(text) + 2)]
    cut = page.evaluate(
        """async ([text, places]) => {
            const {cut} = await import('/assets/js/text.js');
            return places.map(([start, end]) => cut(text, start, end));
        }""",
        [text, places],
    )
    assert cut == [text[start:end] for start, end in places]


def test_dates_are_shown_at_their_precision(run: Run) -> None:
    """A year is a year, a month a month, and a moment its day where it was written."""
    given = ["2022", "2022-06", "2022-06-13", "2022-06-13T23:30:00-05:00", "0033-04-03", "", "soon"]
    words = ["2022", "June 2022", "13 June 2022", "13 June 2022", "3 April 33", "", "soon"]
    assert [run("text", "dateWords", one) for one in given] == words
    assert run("text", "dayBeside", "2024-02-28", 1) == "2024-02-29"
    assert run("text", "dayBeside", "2024-01-01", -1) == "2023-12-31"


def test_ids_are_made_of_titles(run: Run) -> None:
    """Plain letters of the title and ten random digits; a title without any gives an id all the same."""
    for title, start in (
        ("Été à Paris!", "ete-a-paris-"),
        ("終", "article-"),
        ("", "article-"),
        ("x" * 300, "x" * 60 + "-"),
    ):
        first, second = (str(run("text", "newId", title)) for _ in range(2))
        assert first.startswith(start)
        assert first != second
        assert len(first) == len(start) + 10


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("A b[1] C d[2]", ["A b", 1, " ", "C d", 2]),
        ("Lead: A b[1][2] in C d[9]", ["Lead: ", "A b", 1, 2, " in ", "C d", "[9]"]),
        ("A b[01] C d", ["A b", 1, " ", "C d"]),
    ],
)
def test_markers_are_read_between_statements_alone(page: "Page", text: str, pieces: list[object]) -> None:
    """Only numbers of citations are markers, and none within a statement."""
    statements = [{"text": one, "start": text.index(one), "end": text.index(one) + 3} for one in ("A b", "C d")]
    found = page.evaluate(
        """async (answer) => {
            const {piecesOf} = await import('/assets/js/pieces.js');
            return piecesOf(answer).map(one => one.statement?.text ?? one.citation?.marker ?? one.text);
        }""",
        {"answer": text, "statements": statements, "citations": [{"marker": 1}, {"marker": 2}]},
    )
    assert found == pieces


def test_a_bracket_in_a_statement_stays_words(page: "Page") -> None:
    """A statement that says [1] says it."""
    found = page.evaluate(
        "async (answer) => (await import('/assets/js/pieces.js')).piecesOf(answer).length",
        {
            "answer": "See [1].",
            "statements": [{"text": "See [1].", "start": 0, "end": 8}],
            "citations": [{"marker": 1}],
        },
    )
    assert found == 1


def test_markdown_is_escaped(run: Run) -> None:
    """What means something in Markdown is shown as it is, and no address ends its link early."""
    hostile = "# a_b* `c` [x](y) <b> ![i](j) | ~s~ \\ & 1. - + $m$ ^e^\nnext"
    escaped = run("markdown", "escaped", hostile)
    assert escaped == (r"\# a\_b\* \`c\` \[x\]\(y\) \<b\> \!\[i\]\(j\) \| \~s\~ \\ \& 1\. \- \+ \$m\$ \^e\^ next")
    cited = {
        "id": "c1", "marker": 1, "article_id": "a(b)", "version": "v",
        "url": "https://a.example/x_(y)?z=[1]<2>", "title": "T]",
        "author": None, "outlet": "O*", "published_at": "2022", "quote": "Q_", "start": 0, "end": 2,
    }  # fmt: skip
    answer = {
        "answer": "Q[1]", "statements": [{"text": "Q", "start": 0, "end": 1, "verdict": "weak"}], "citations": [cited],
        "missing": ["m*"], "notes": ["n_"],
    }  # fmt: skip
    text = run("markdown", "markdownOf", {"question": "Q*?", "answer": answer}, "http://h")
    assert text == (
        "**Q\\*?**\n\nQ \\(weak support\\)\\[1\\]\n\nNot in these articles: m\\*\n\nNote: n\\_\n\n"
        "1. “Q\\_” [T\\]](https://a.example/x_%28y%29?z=%5B1%5D%3C2%3E), O\\*, 2022 "
        "([in context](http://h/articles/a%28b%29?start=0&end=2#v=v&q=Q_))\n"
    )


def test_links_come_back_as_they_were(page: "Page") -> None:
    """Id, place, version and quote of an address are those that it was made of."""
    place = {"id": "a#b:c~d%2F", "start": 3, "end": 9, "version": "ab", "quote": "1+1 = 2 & “ü” #x?\n%41"}
    found = page.evaluate(
        """async (place) => {
            const {permalink, placeOf} = await import('/assets/js/permalink.js');
            return placeOf(new URL(permalink(place), location.href)).article;
        }""",
        place,
    )
    assert found == place


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example/", True), ("HTTP://a.example", True), ("/articles/x", True), ("#main", True),
        ("//a.example", False),
        ("/\\a.example", False), ("javascript:1", False), ("java\nscript:1", False), (" javascript:1", False),
        ("data:,x", False),
        ("ftp://a.example", False), ("file:///x", False), ("x", False), ("", False),
    ],
)  # fmt: skip
def test_links_lead_to_the_web_or_into_the_page(run: Run, address: str, safe: bool) -> None:
    """No other scheme is ever a link."""
    assert run("text", "isSafeHref", address) is safe


def test_elements_take_no_handlers_and_no_odd_links(page: "Page") -> None:
    """What makes elements refuses text as a handler, a style, a source, or a link of another scheme."""
    refused = page.evaluate(
        """async (props) => {
            const {el} = await import('/assets/js/dom.js');
            return props.map(one => { try { el('a', one); return 'made'; } catch (error) { return error.name; } });
        }""",
        [{"onclick": "x"}, {"style": "x"}, {"src": "x"}, {"srcdoc": "x"}, {"href": "javascript:1"}, {"href": "/x"}],
    )
    assert refused == ["TypeError"] * 5 + ["made"]


def test_a_full_store_loses_the_oldest_turns(page: "Page") -> None:
    """Where the browser has no room, the newest turns are kept."""
    kept = page.evaluate(
        """async () => {
            const {newTurn, noFilters, saveTurns, loadTurns} = await import('/assets/js/state.js');
            const turns = Array.from({length: 12}, (_, n) => newTurn(`${n} ${'x'.repeat(900_000)}`, noFilters()));
            saveTurns(turns);
            return loadTurns().map(one => Number(one.question.split(' ')[0]));
        }"""
    )
    assert kept
    assert kept == list(range(12 - len(kept), 12))
    assert len(kept) < 12
