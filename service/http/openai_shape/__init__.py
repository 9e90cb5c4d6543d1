"""The door for clients of OpenAI's chat completions: the same questions and answers, in the shape that they know."""
