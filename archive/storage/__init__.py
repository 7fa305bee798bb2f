"""Storage of bytes: content-addressed by SHA-256, whole or not at all, verified when read."""
