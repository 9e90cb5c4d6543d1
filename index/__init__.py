"""The index: articles, sentences, passages, vectors and words, and the search over them."""
