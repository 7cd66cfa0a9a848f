from flask import Flask

OPTIONS = {"port": 8000}
app = Flask(__name__)

if __name__ == "__main__":
    app.run(**OPTIONS)
