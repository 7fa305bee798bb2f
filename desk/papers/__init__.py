"""Evidence sent with requests (TT 05/2025/TT-BNV Article 35): judged, kept apart from the index, erased."""
