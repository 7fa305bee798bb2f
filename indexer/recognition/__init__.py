"""Optical recognition: pages without good text are read by Tesseract, in children with limits, after they are in."""
