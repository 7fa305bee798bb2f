"""Registers of an agency without files: a sheet whose columns are recognised, told, kept, and read row by row."""
