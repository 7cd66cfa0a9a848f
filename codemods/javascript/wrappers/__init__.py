"""Functions that wrap ``fetch``, rewritten together with their callers in all files, or not at all."""
