"""The `meta` elements of a page."""

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.tidy import field_text

__all__ = ["Meta"]

_MOST = 500


class Meta:
    """Contents of the `meta` elements by property, name or itemprop in lower case; several of a name in their order."""

    def __init__(self, tree: HtmlElement) -> None:
        self._contents: dict[str, list[str]] = {}
        for _, element in zip(range(_MOST), tree.iter("meta"), strict=False):
            content = field_text(element.get("content"))
            name = (
                element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
            )
            if content and name:
                self._contents.setdefault(name.strip().lower(), []).append(content)

    @property
    def contents(self) -> Mapping[str, list[str]]:
        """All contents by name."""
        return self._contents

    def all(self, *names: str) -> Iterator[str]:
        """Yield the contents of `names`, in the order of `names`."""
        for name in names:
            yield from self._contents.get(name, ())

    def first(self, *names: str) -> str | None:
        """Return the first content of the first of `names` that has one."""
        return next(self.all(*names), None)
