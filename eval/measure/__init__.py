"""What answers are measured on: questions with their articles and the right answers, drawn from fixed sets."""
