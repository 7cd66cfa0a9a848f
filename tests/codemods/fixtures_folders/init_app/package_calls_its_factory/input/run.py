from shop import app

app.run()
