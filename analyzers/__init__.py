"""Vietnamese text to tokens, numbers and names: pure functions, no I/O, no framework, no database."""
