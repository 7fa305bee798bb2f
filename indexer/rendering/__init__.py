"""Office documents as readable, harmless HTML."""
