"""The catalogue: what the archive holds and who did what with it (SQLAlchemy 2)."""
