"""The search engines behind one protocol; only this folder knows their libraries."""
