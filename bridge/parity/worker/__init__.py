"""A process that hosts the app on a copy of its database and answers steps: over HTTP, bridged or native."""
