"""Evaluation: fixed question sets over sample articles, and what is measured on them."""
