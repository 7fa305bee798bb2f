"""From archive to search: text extraction, index documents, the drainer of the outbox, rebuild and sweep."""
