"""Runs a Flask app's Resources and their Socket.IO events side by side over the same models."""
