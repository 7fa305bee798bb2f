"""Intake: a delivered package becomes records, objects and pages, with a line in a report for every row that is not."""
