import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.cases import SetFormatError, SetMissingError, load_articles, read_set, set_fingerprint, set_folder
from index import make_article
from index.reading import Read, read_articles

WriteSet = Callable[..., Path]
ID = hashlib.sha256(b"https://a.example/ferry").hexdigest()[:16]


def test_a_set_is_read(write_set: WriteSet, case: dict[str, object]) -> None:
    """Fields come from `set.toml`, cases from JSON lines, and names of files become the articles' ids."""
    whole = read_set(write_set([case, {**case, "id": "S2", "question": "And now?", "asked_at": "2024-06"}]))
    assert (whole.name, whole.about, whole.articles, whole.asked_at) == (
        "small",
        "A small set",
        ("news",),
        "2024-05-03",
    )
    assert [(one.id, one.asked_at) for one in whole.cases] == [("S1", None), ("S2", "2024-06")]
    assert whole.cases[0].answers == (("$46",),)
    assert whole.cases[0].required[0][0].model_dump() == {"article": ID, "quote": "It costs $46."}


def test_forbidden_spans_are_named_by_id_too(write_set: WriteSet, case: dict[str, object]) -> None:
    """A name of a file becomes an id wherever it stands; an id stays, and so does what is no article."""
    forbidden = [{"article": name, "quote": "x"} for name in ("ferry.md", ID, "nowhere.md")]
    (one,) = read_set(write_set([{**case, "forbidden": forbidden}])).cases
    assert [span.article for span in one.forbidden] == [ID, ID, "nowhere.md"]


def test_all_files_of_lines_are_read_in_order(write_set: WriteSet, case: dict[str, object]) -> None:
    """Every `.jsonl` holds cases, except the one that is named as articles; blank lines are passed over."""
    folder = write_set([], articles={}, head='name = "n"\nabout = "a"\nasked_at = "2024"\narticles = ["all.jsonl"]\n')
    (folder / "all.jsonl").write_text('{"id": "f", "text": "It costs $46."}\n')
    line = json.dumps({**case, "required": [[{"article": "f", "quote": "It costs $46."}]]})
    (folder / "b.jsonl").write_text(f"\n{line.replace('S1', 'S2')}\n\n")
    (folder / "a.jsonl").write_text(line)
    whole = read_set(folder)
    assert [one.id for one in whole.cases] == ["S1", "S2"]
    assert [article.id for article in load_articles(whole, folder)] == ["f"]


def test_the_bundled_set_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`samples` is the bundled set wherever one stands, unless a set stands there under that name."""
    monkeypatch.chdir(tmp_path)
    assert read_set("samples").name == "samples"
    assert set_folder(Path("samples")).name == "sets"
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "set.toml").touch()
    assert set_folder("samples") == Path("samples")


def test_where_there_is_no_set_it_is_said(tmp_path: Path, write_set: WriteSet, case: dict[str, object]) -> None:
    """A folder without set.toml, without a case, and without its articles are errors that say what to do."""
    with pytest.raises(SetMissingError, match=r"is no set; name a folder with a set\.toml, or a bundled set: samples"):
        read_set(tmp_path)
    with pytest.raises(SetMissingError, match="holds no case; write one a line"):
        read_set(write_set([]))
    with pytest.raises(SetMissingError, match=r"news2: there are no articles; correct `articles` in set\.toml"):
        read_set(write_set([case], head='name = "n"\nabout = "a"\nasked_at = "2024"\narticles = ["news2"]\n'))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("name = small", r"set\.toml: is not TOML"),
        ('name = "n"\nabout = "a"\narticles = ["news"]', r"set\.toml: asked_at: Field required; it has name, about"),
        ('name = "n"\nabout = "a"\narticles = "news"\nasked_at = "2024"', r"set\.toml: articles: .*list"),
        ('name = "n"\nabout = "a"\narticles = []\nasked_at = "2024"\ncases = []', r"set\.toml: cases: Extra inputs"),
    ],
)
def test_a_fault_of_the_head_is_named(write_set: WriteSet, head: str, said: str) -> None:
    """File, field and remedy are named."""
    with pytest.raises(SetFormatError, match=said):
        read_set(write_set(head=head))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "failed"}, "outcome: Input should be 'answered', 'partial' or 'not_found'"),
        ({"id": "S 2"}, "id: String should match pattern"),
        ({"expected": ["$46"]}, "expected: Extra inputs are not permitted"),
        ({"required": [[{"article": "ferry.md", "quote": ""}]]}, r"required\.0\.0\.quote: String should have at least"),
        ({"filters": {"published_from": "May"}}, r"filters\.published_from: is no date"),
    ],
)
def test_a_fault_of_a_line_is_named(
    write_set: WriteSet, case: dict[str, object], change: dict[str, object], said: str
) -> None:
    """File, line, field and remedy are named."""
    with pytest.raises(SetFormatError, match=rf"cases\.jsonl, line 2: {said}.*; `pullquote eval schema` prints"):
        read_set(write_set([case, {**case, **change}]))


def test_lines_that_are_no_json_or_no_text(write_set: WriteSet) -> None:
    """Neither stops with a traceback: the line, or the file, is named."""
    folder = write_set()
    (folder / "more.jsonl").write_text("{\n")
    with pytest.raises(SetFormatError, match=r"more\.jsonl, line 1: the line: Invalid JSON"):
        read_set(folder)
    (folder / "more.jsonl").write_bytes(b"\xff")
    with pytest.raises(SetFormatError, match=r"more\.jsonl: is not UTF-8 \(byte 0\)"):
        read_set(folder)


def test_articles_are_what_is_added(samples: Path) -> None:
    """The articles have ids, texts and metadata that `pullquote add` gives them, of both folders."""
    loaded = load_articles(read_set("samples"), set_folder("samples"))
    added = [item.article for item in read_articles(samples, max_bytes=100_000) if isinstance(item, Read)]
    assert [one for one in loaded if one.id in {other.id for other in added}] == added
    assert len(loaded) > len(added)


def test_a_refused_article_is_named(write_set: WriteSet) -> None:
    """An article that `pullquote add` would refuse is an error, with its reason."""
    folder = write_set()
    (folder / "news" / "empty.md").write_text("")
    with pytest.raises(SetFormatError, match=r"empty\.md: is empty; an article needs text \(an article of the set\)"):
        read_set(folder)


TWO = 'name = "n"\nabout = "a"\nasked_at = "2024"\narticles = ["news", "more"]\n'


def test_a_name_in_two_folders_must_be_an_id(write_set: WriteSet, case: dict[str, object]) -> None:
    """A path that two folders hold stands for no article; both can be named by id."""
    pages = {f"{name}/ferry.md": f"---\nid: {name}\n---\nIt costs $46." for name in ("news", "more")}
    with pytest.raises(SetFormatError, match=r"case S1: ferry\.md stands in several folders .* one of more, news"):
        read_set(write_set([case], articles=pages, head=TWO))
    by_id = {**case, "required": [[{"article": "more", "quote": "It costs $46."}]]}
    assert read_set(write_set([by_id], articles=pages, head=TWO)).cases[0].required[0][0].article == "more"


def test_two_articles_must_not_share_an_id(write_set: WriteSet, case: dict[str, object]) -> None:
    """Two files of one path below two folders, without an id or address, would be one article; that is refused."""
    pages = {f"{name}/ferry.md": f"It costs $46. So says {name}." for name in ("news", "more")}
    folder = write_set([case], articles=pages, head=TWO)
    whole = read_set(folder)
    with pytest.raises(SetFormatError, match=r"2 articles have the id .*news.*more.*give each an `id` or a `url`"):
        load_articles(whole, folder)


def test_files_below_and_files_alone_have_names(write_set: WriteSet, case: dict[str, object]) -> None:
    """An article is named by its path below the folder of the set, a file that the set names by its own name."""
    pages = {"news/may/ferry.md": "It costs $46.", "one.txt": "It costs $40."}
    head = 'name = "n"\nabout = "a"\nasked_at = "2024"\narticles = ["news", "one.txt"]\n'
    spans = [{"article": name, "quote": "It costs"} for name in ("may/ferry.md", "one.txt")]
    folder = write_set([{**case, "required": [spans]}], articles=pages, head=head)
    whole = read_set(folder)
    assert [span.article for span in whole.cases[0].required[0]] == [one.id for one in load_articles(whole, folder)]


def test_the_fingerprint_is_of_what_is_measured(write_set: WriteSet, case: dict[str, object]) -> None:
    """It changes with a case, the moment of asking, or an article; not with names, notes and order."""
    second = {**case, "id": "S2", "question": "And now?"}
    whole = read_set(write_set([case, second]))
    ferry = make_article({"id": "a", "text": "It costs $46."}, place="test")
    other = make_article({"id": "b", "text": "It costs $40."}, place="test")
    print_ = set_fingerprint(whole, [ferry, other])
    assert len(print_) == 64
    noted = tuple(one.model_copy(update={"note": "said twice"}) for one in reversed(whole.cases))
    same = whole.model_copy(update={"name": "n", "about": "a", "cases": noted})
    assert set_fingerprint(same, [other, ferry]) == print_
    titled = make_article({"id": "b", "text": "It costs $40.", "title": "Fares"}, place="test")
    changed = [
        set_fingerprint(whole, [ferry]),
        set_fingerprint(whole, [ferry, titled]),
        set_fingerprint(whole.model_copy(update={"asked_at": "2024-05-04"}), [ferry, other]),
        set_fingerprint(whole.model_copy(update={"cases": whole.cases[:1]}), [ferry, other]),
    ]
    assert len({print_, *changed}) == 5
