"""Migrations of the catalogue (Alembic)."""
