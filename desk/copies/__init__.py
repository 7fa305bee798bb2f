"""Copies of records for readers, in the grades of TT 05/2025/TT-BNV Articles 40 to 42: ordered, made, given, gone."""
