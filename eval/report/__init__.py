"""The report of a run: one HTML file that needs nothing else, and Markdown for a pull request.

Both show what a run and a comparison hold; nothing is scored here. Whatever comes from articles, questions or models is
text: it is escaped where it is shown, and never becomes markup, a link or a script.
"""

from eval.report.markdown import write_markdown
from eval.report.page import write_html

__all__ = ["write_html", "write_markdown"]
