"""Feedback of readers, as drafts of cases."""
