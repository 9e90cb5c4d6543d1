"""Metrics of answers, one a file, as pure functions; each docstring names its source."""
