"""Python callers of the app's API become events: requests, httpx and Flask's test client."""
