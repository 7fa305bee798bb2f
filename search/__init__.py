"""The index: its schema, its engines, the query language and the one gateway every search goes through."""
