import pytest

from eval.report.links import anchor, fragment, web_address


@pytest.mark.parametrize("url", ["https://a.example/b?c=1&d=2#e", "http://localhost:80/", "HTTPS://A.EXAMPLE/é"])
def test_addresses_of_the_web(url: str) -> None:
    """Http and https may be a link."""
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "java\nscript:alert(1)", " https://a.example", "https://a.example/\n", "https://",
        "https:\\\\a.example", "//a.example", "data:text/html,x", "ftp://a.example", 'https://a.example/" x="',
        "https://a.example/<b>", "https://a.example/\x00",
    ],
)  # fmt: skip
def test_other_addresses(url: str | None) -> None:
    """Nothing else may."""
    assert web_address(url) is None


def test_ids_of_cases_in_addresses() -> None:
    """A case's id may hold what an address would read otherwise."""
    assert anchor("S#1") == "case-S#1"
    assert fragment("case-S#1:a~b") == "#case-S%231%3Aa~b"
