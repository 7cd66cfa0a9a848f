"""Drives a real app's front end in a real browser, before and after its migration, and compares what pages show."""
