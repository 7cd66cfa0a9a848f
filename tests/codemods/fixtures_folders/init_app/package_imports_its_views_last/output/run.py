from shop import app, socketio

socketio.run(app, host="127.0.0.1",
             port=8000, allow_unsafe_werkzeug=True)
