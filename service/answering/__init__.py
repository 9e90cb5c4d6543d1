"""Answering: understand, retrieve, ask over numbered sentences, judge each statement, and only then say it."""

from service.answering.answerer import Answerer, Style
from service.answering.spending import Spending
from service.answering.work import Search, Wanted

__all__ = ["Answerer", "Search", "Spending", "Style", "Wanted"]
