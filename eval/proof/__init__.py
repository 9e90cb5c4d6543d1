"""Proof by attack: articles that want something of whoever reads them, and what must hold of every answer all the same.

The chat model is the fake that obeys: it does what a sentence tells it and more, so that whatever stays out of an
answer is kept out by the service.
"""
