"""Rewrites the client code of an app so that it emits events where it called ``fetch``."""
