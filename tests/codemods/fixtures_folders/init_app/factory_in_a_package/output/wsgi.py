from shop.app import create_app
from shop.realtime import socketio

if __name__ == "__main__":
    socketio.run(create_app(), port=8000, allow_unsafe_werkzeug=True)
