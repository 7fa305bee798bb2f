"""Sound and film: what a file of them is, read from its bytes, and the words spoken in it with their times."""
