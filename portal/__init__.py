"""Flask: search, browse, read and the public API."""
