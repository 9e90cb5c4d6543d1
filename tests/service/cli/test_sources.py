"""What is followed, by commands alone and beside a server that owns the folder, over a site that changes."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from index.encoders import FakeEncoder
from index.errors import InvalidArticleError, StorageFullError
from index.fetching import Policy
from service.cli.main import make_app
from service.intake import Looks
from tests.index.extracting.conftest import printed_pdf

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
NONE = "0 added, 0 updated, 0 unchanged, 0 deleted, 0 failed\n"


@pytest.fixture(autouse=True)
def _polite_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between requests."""
    monkeypatch.setattr("service.documents.Policy", partial(Policy, host_delay=0))


@pytest.fixture
def alone(pullquote: Run, site: object) -> Run:
    """Return what runs commands that own the folder themselves."""
    return partial(pullquote, fetch_private_hosts=site.host)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def served(serve: Callable[..., subprocess.Popen[bytes]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library that a process of its own serves."""
    folder = tmp_path_factory.mktemp("served") / "data"
    serve(folder)
    return folder


@pytest.fixture
def beside(alone: Run, served: Path) -> Iterator[Run]:
    """Return what runs commands beside a server, with nothing in its library at first."""
    run = partial(alone, data_dir=str(served))
    yield run
    for source in json.loads(run("sources", "list", "--json").stdout)["sources"]:
        run("sources", "remove", str(source["id"]))
    for article in json.loads(run("list", "--json").stdout)["articles"]:
        run("remove", article["id"])


@pytest.fixture(params=["alone", "beside"])
def run(request: pytest.FixtureRequest) -> Run:
    """Return what runs commands, in either way."""
    found: Run = request.getfixturevalue(request.param)
    return found


def titles(run: Run) -> list[str]:
    """Return the titles of all articles."""
    return sorted(article["title"] for article in json.loads(run("list", "--json").stdout)["articles"])


def test_the_story_of_a_feed(run: Run, site: object) -> None:
    """It is added, followed, and kept up with: new, changed, gone and failing pages, each told."""
    for name in "ABC":
        site.article(f"/{name}", name, f"The ferry {name} sails.")
    site.feed("/feed", "/A", "/B", "/C")
    url = f"{site.url}/feed"
    assert run("add", "--follow", url).stdout == "3 added, 0 updated, 0 unchanged, 0 failed\n"
    assert run("sync").stdout == f"{url}: {NONE.replace('0 unchanged', '3 unchanged')}"
    site.asked_now()
    site.article("/D", "D", "The dam held.")
    site.article("/B", "B", "The ferry B was sold.")
    del site.replies["/A"]
    site.put("/C", "", status=500)
    site.feed("/feed", "/D", "/A", "/B", "/C")
    would = run("sync", "--dry-run")
    done = run("sync")
    counts = "1 added, 1 updated, 0 unchanged, 1 deleted, 1 failed\n"
    assert (would.exit_code, would.stdout) == (1, f"{url}: would be {counts}")
    assert (done.exit_code, done.stdout) == (1, f"{url}: {counts}")
    assert f"failed: {site.url}/C: the server answered with status 500" in done.stderr
    assert titles(run) == ["B", "C", "D"]
    assert "was sold" in run("search", "ferry B", "--json").stdout
    (source,) = json.loads(run("sources", "list", "--json").stdout)["sources"]
    assert (source["place"], source["kind"], source["articles"]) == (url, "feed", 3)
    assert run("sources", "remove", str(source["id"])).exit_code == 0
    assert run("sync").stdout.startswith("nothing is followed; ")
    assert titles(run) == ["B", "C", "D"]


def test_the_story_of_a_folder(run: Run, news: Path) -> None:
    """Changed files are updated, removed ones deleted, and one that cannot be read now stays what it was."""
    assert run("add", "--follow", news).stdout == "4 added, 0 updated, 0 unchanged, 0 failed\n"
    (news / "bridge.md").unlink()
    (news / "2024" / "ferry.txt").write_bytes(b"\xff")
    (news / "dump.jsonl").write_text('{"id": "dam", "text": "The Hessel Dam gate held.", "title": "dam"}\n')
    (news / "new.md").write_text("---\ntitle: new\n---\nThe new bridge opened.")
    counts = "1 added, 1 updated, 0 unchanged, 2 deleted, 1 failed\n"
    assert run("sync", "--dry-run").stdout == f"{news}: would be {counts}"
    assert run("sync").stdout == f"{news}: {counts}"
    assert run("sync").stdout == f"{news}: 0 added, 0 updated, 2 unchanged, 0 deleted, 1 failed\n"
    assert "laid up since March" in run("search", "ferry", "--json").stdout
    news.rename(news.with_name("away"))
    gone = run("sync")
    assert gone.stdout == f"{news}: {NONE.replace('0 failed', '1 failed')}"
    assert "there is no such folder now; nothing of it was changed" in gone.stderr
    assert json.loads(run("list", "--json").stdout)["total"] == 3


def test_an_article_of_two_sources(alone: Run, news: Path, tmp_path: Path) -> None:
    """What one source holds no longer stays while another holds it."""
    text = json.dumps({"id": "dam", "text": "The Hessel Dam gate failed at night.", "published_at": "2023-10"})
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.jsonl").write_text(text)
    (other / "ferry.txt").write_text("The ferry sails again.")
    alone("add", "--follow", news, other)
    (news / "dump.jsonl").unlink()
    assert f"{news}: 0 added, 0 updated, 2 unchanged, 1 deleted, 0 failed" in alone("sync").stdout
    assert alone("show", "dam").exit_code == 0
    (other / "copy.jsonl").unlink()
    assert f"{other}: 0 added, 0 updated, 1 unchanged, 1 deleted, 0 failed" in alone("sync").stdout


def test_a_page_that_somebody_removed(run: Run, site: object) -> None:
    """Its article stays out, and that is told, until the page says something new or somebody adds it by hand."""
    for name in "AB":
        site.article(f"/{name}", name, f"The ferry {name} sails.", cached=name == "A")
    site.feed("/feed", "/A", "/B")
    run("add", "--follow", f"{site.url}/feed")
    for article in json.loads(run("list", "--json").stdout)["articles"]:
        run("remove", article["id"])
    for command in (["sync", "--dry-run"], ["sync"], ["sync"], ["add", "--follow", f"{site.url}/feed"]):
        told = run(*command)
        assert "0 added, 0 updated, 0 unchanged" in told.stdout
        assert "2 removed articles stay out until what they were made of changes" in told.stderr
    assert json.loads(run("sources", "list", "--json").stdout)["sources"][0]["articles"] == 0
    assert run("add", f"{site.url}/A").stdout.startswith("1 added")
    site.article("/B", "B", "The ferry B was sold.", cached=False)
    told = run("sync")
    assert told.stdout == f"{site.url}/feed: 1 added, 0 updated, 1 unchanged, 0 deleted, 0 failed\n"
    assert "removed articles" not in told.stderr
    assert titles(run) == ["A", "B"]


def test_a_removed_page_that_is_away_for_a_time(alone: Run, site: object) -> None:
    """It stays out when its server fails, says that it is gone, or its feed names it no longer for a while."""
    site.article("/A", "A", "The ferry sails.")
    site.feed("/feed", "/A")
    alone("add", "--follow", f"{site.url}/feed")
    alone("remove", json.loads(alone("list", "--json").stdout)["articles"][0]["id"])
    page = site.replies["/A"]
    for status in (500, 404):
        site.put("/A", "", status=status)
        assert "0 added" in alone("sync").stdout
    site.replies["/A"] = page
    for links in ((), ("/A",)):
        site.feed("/feed", *links)
        assert "0 added" in alone("sync").stdout
    site.article("/A", "A", "The ferry was sold.")
    assert "1 added" in alone("sync").stdout


def test_a_file_whose_article_somebody_removed(alone: Run, news: Path) -> None:
    """It stays out until the file changes, or somebody adds it by hand."""
    alone("add", "--follow", news)
    for article_id in ("dam", json.loads(alone("search", "bridge", "--json").stdout)["passages"][0]["article_id"]):
        alone("remove", article_id)
    before = json.loads(alone("list", "--json").stdout)["total"]
    for _ in range(2):
        told = alone("sync")
        assert told.stdout == f"{news}: 0 added, 0 updated, {before} unchanged, 0 deleted, 0 failed\n"
        assert "2 removed articles stay out" in told.stderr
    (news / "dump.jsonl").write_text(json.dumps({"id": "dam", "text": "The Hessel Dam gate held."}) + "\n")
    assert "1 added" in alone("sync").stdout
    assert "1 added" in alone("add", news).stdout
    assert "removed articles" not in alone("sync").stderr


def test_a_folder_that_is_empty_now(alone: Run, tmp_path: Path) -> None:
    """Nothing of it is deleted: most likely what is mounted there is away. What to do if it is meant is told."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    (folder / "ferry.txt").write_text("The ferry sails again.")
    alone("add", "--follow", folder)
    (folder / "ferry.txt").rename(tmp_path / "ferry.txt")
    told = alone("sync")
    assert (told.exit_code, told.stdout) == (1, f"{folder}: 0 added, 0 updated, 0 unchanged, 0 deleted, 1 failed\n")
    assert "`pullquote sources remove` follows it no longer" in told.stderr.replace("\n", " ")
    (tmp_path / "ferry.txt").rename(folder / "ferry.txt")
    assert "1 unchanged" in alone("sync").stdout


def test_two_files_of_one_article(alone: Run, tmp_path: Path) -> None:
    """The article of one that is gone stays while the other cannot be read, and goes when that is gone too."""
    folder = tmp_path / "twice"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.md").write_text("---\nid: ferry\n---\nThe ferry sails again.")
    (folder / "c.md").write_text("The dam held.")
    alone("add", "--follow", folder)
    (folder / "a.md").unlink()
    (folder / "b.md").write_bytes(b"\xff")
    assert "0 deleted, 1 failed" in alone("sync").stdout
    (folder / "b.md").unlink()
    assert "1 deleted, 0 failed" in alone("sync").stdout


def test_a_source_that_fails_in_an_unexpected_way(alone: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as failed, and the others are read; what is wrong with the library ends all."""
    other = news.with_name("other")
    other.mkdir()
    (other / "ferry.txt").write_text("The ferry sails again.")
    alone("add", "--follow", news, other)
    (other / "dam.txt").write_text("The dam held.")
    real = Looks.at_source

    def refuse(error: Exception) -> None:
        def at_source(looks: Looks, place: str, *rest: object, **more: object) -> object:
            if place == str(news):
                raise error
            return real(looks, place, *rest, **more)

        monkeypatch.setattr(Looks, "at_source", at_source)

    refuse(InvalidArticleError("nobody thought of this"))
    told = alone("sync")
    assert told.exit_code == 1
    assert f"{news}: {NONE.replace('0 failed', '1 failed')}{other}: 1 added" in told.stdout
    assert "nobody thought of this" in told.stderr
    refuse(StorageFullError("the disk is full"))
    assert (alone("sync").exit_code, alone("sync").stdout) == (1, "")


def test_what_cannot_be_followed(alone: Run, site: object, news: Path) -> None:
    """A page is added and not followed; files and standard input are refused."""
    site.article("/A", "A", "The ferry sails.")
    result = alone("add", "--follow", f"{site.url}/A", news / "bridge.md", "-")
    assert (result.exit_code, result.stdout) == (1, "1 added, 0 updated, 0 unchanged, 3 failed\n")
    assert "is a page, which is added and not followed" in result.stderr
    assert "is no folder and no address" in result.stderr
    assert alone("sync").stdout.startswith("nothing is followed")


def test_a_dry_run_changes_nothing(run: Run, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what would be done and encodes nothing; where there is no library, none is made."""
    made = (tmp_path / "data").exists()
    said = "would be: 4 added, 0 updated, 0 unchanged, 0 deleted, 0 failed\n"
    with monkeypatch.context() as patched:
        patched.setattr(FakeEncoder, "encode_passages", None)
        assert run("add", "--dry-run", news).stdout == said
    assert (tmp_path / "data").exists() is made
    assert json.loads(run("list", "--json").stdout)["total"] == 0


def test_a_dry_run_compares(run: Run, news: Path) -> None:
    """Against what is there: unchanged, updated, added, failed, as the run itself says afterwards."""
    run("add", news)
    (news / "bridge.md").write_text("---\nurl: https://courier.example/bridge\n---\nThe bridge fell.")
    (news / "bad.txt").write_bytes(b"\xff")
    (news / "new.txt").write_text("The dam held.")
    counts = {"added": 1, "updated": 1, "unchanged": 3, "failed": 1}
    dry = json.loads(run("add", "--dry-run", "--json", news).stdout)
    assert {"dry_run": True, "deleted": 0, **counts}.items() <= dry.items()
    assert counts.items() <= json.loads(run("add", "--json", news).stdout).items()


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ('\n{"id": "a", "text": "One sails."}\n\n{"url": "https://x.example/", "text": "Two."}\n', "2 added, 0 failed"),
        ('{"text": "No id."}\n{"id": "b", "text": "Two."}', "1 added, 1 failed"),
        ("---\ntitle: Ferry\nurl: https://x.example/f\n---\nThe ferry sails.", "1 added, 0 failed"),
        ("The ferry sails.", "1 added, 0 failed"),
        ("", "0 added, 1 failed"),
    ],
)
def test_standard_input(alone: Run, given: str, counts: str) -> None:
    """JSON lines, or one text with or without front matter; a second time it is unchanged."""
    del alone
    for again in (False, True):
        result = CliRunner().invoke(make_app(), ["add", "-", "--json"], input=given)
        told = json.loads(result.stdout)
        added, failed = int(counts.split(maxsplit=1)[0]), int(counts.split()[2])
        assert (told["unchanged" if again else "added"], told["failed"]) == (added, failed)
        assert all(failure["place"].startswith("standard input") for failure in told["failures"])


def test_a_thousand_files_three_times(alone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that have not changed are neither encoded nor is an encoder made for them."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1_000):
        (folder / f"{number}.md").write_text(f"---\nlanguage: en\n---\nThe council met on day {number}.")
    assert alone("add", folder).stdout == "1000 added, 0 updated, 0 unchanged, 0 failed\n"
    monkeypatch.setattr("service.shelf.make_encoder", None)
    for _ in range(3):
        assert alone("add", folder).stdout == "0 added, 0 updated, 1000 unchanged, 0 failed\n"


def test_the_pages_of_a_pdf(run: Run, tmp_path: Path) -> None:
    """A printed document keeps its pages, and the same again changes nothing."""
    file = tmp_path / "ferry.pdf"
    file.write_bytes(printed_pdf([["The ferry sails again."], ["It had been laid up since March."]]))
    assert run("add", file).stdout == "1 added, 0 updated, 0 unchanged, 0 failed\n"
    assert run("add", file).stdout == "0 added, 0 updated, 1 unchanged, 0 failed\n"
    (listed,) = json.loads(run("list", "--json").stdout)["articles"]
    article = json.loads(run("show", listed["id"], "--json").stdout)
    begun = [(number, article["text"][start:].split()[0]) for number, start in article["pages"]]
    assert begun == [(1, "The"), (2, "It")]


def test_a_server_that_keeps_up(
    serve: Callable[..., subprocess.Popen[bytes]], alone: Run, site: object, tmp_path: Path
) -> None:
    """With PULLQUOTE_SYNC_MINUTES it looks by itself, and it ends when it is told to."""
    site.article("/A", "A", "The ferry sails.")
    site.feed("/feed", "/A")
    alone("add", "--follow", f"{site.url}/feed")
    site.article("/B", "B", "The dam held.")
    site.feed("/feed", "/B", "/A")
    service = serve(tmp_path / "data", sync_minutes="1", fetch_private_hosts=site.host)
    deadline = time.monotonic() + 60
    while titles(alone) != ["A", "B"] and time.monotonic() < deadline:
        time.sleep(0.2)
    assert titles(alone) == ["A", "B"]
    service.terminate()
    assert service.wait(30) in (0, -15)


def test_a_server_that_waits_for_a_page_ends(
    serve: Callable[..., subprocess.Popen[bytes]], alone: Run, site: object, tmp_path: Path
) -> None:
    """A page that does not come to its end holds up no stop; what was followed is whole."""
    site.feed("/feed")
    alone("add", "--follow", f"{site.url}/feed")
    site.article("/A", "A", "The ferry sails.", hangs=True)
    site.feed("/feed", "/A")
    service = serve(tmp_path / "data", sync_minutes="1", fetch_private_hosts=site.host)
    deadline = time.monotonic() + 60
    while "/A" not in site.asked and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "/A" in site.asked
    service.terminate()
    assert service.wait(30) in (0, -15)
    assert titles(alone) == []
    assert [source["articles"] for source in json.loads(alone("sources", "list", "--json").stdout)["sources"]] == [0]
