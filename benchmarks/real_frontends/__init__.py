"""Migrates the front ends of a folder of apps, each in a scratch copy, and checks what comes out."""
