"""Live collections: lists that clients stay subscribed to, pushed as changes after each commit."""
