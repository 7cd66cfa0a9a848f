"""Measures what an answer costs over HTTP, in a stock Socket.IO handler, over the bridge, and at the limit."""
