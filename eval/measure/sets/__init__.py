"""The public sets, one a file: cases drawn from each, with their articles."""
