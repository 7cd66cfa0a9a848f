"""Shows that whole apps, never edited, answer over Socket.IO as they do over HTTP."""
