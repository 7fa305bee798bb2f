"""Every page of the portal in a real browser, for everyone: both languages, both schemes, narrow, large, by keys."""
