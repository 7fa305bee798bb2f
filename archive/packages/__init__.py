"""Packages on their way in: transfer folders and zips, read tolerantly, checked row by row, never trusted."""
