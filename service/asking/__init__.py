"""What a question asks for beside its words: when it was published, and how old an answer may be."""
