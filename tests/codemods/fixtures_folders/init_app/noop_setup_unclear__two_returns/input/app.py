from flask import Flask


def create_app(is_small):
    app = Flask(__name__)
    if is_small:
        return app
    app.add_url_rule("/", view_func=lambda: "big")
    return app
