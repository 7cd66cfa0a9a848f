"""Flask-RESTful Resources to native handlers, and the set-up that they need."""
