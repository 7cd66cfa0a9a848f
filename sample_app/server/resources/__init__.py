"""The Resources, one noun per file."""
