"""The local chat model: llama.cpp in a child process, reached as any OpenAI-compatible server is."""
