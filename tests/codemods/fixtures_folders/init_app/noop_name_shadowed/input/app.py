from flask import Flask

from bridge import cross

app = Flask(__name__)
app.add_url_rule("/cross", view_func=cross)
