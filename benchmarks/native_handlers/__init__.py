"""Proves that native handlers made by `fetch2socket server` answer, write and remember as their Resources do."""
