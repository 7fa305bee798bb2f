"""The reading room's work: requests, decisions, terms, fees, delivery.  Opens with its own issue."""
