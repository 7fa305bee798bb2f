"""From a record's data files (images, PDF, OCR sidecars, Word files) to pages with text and word boxes."""
