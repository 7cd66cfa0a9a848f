from shop import app, cache


def test(client, cache):
    cache.get("/coaches")
    client.get("/coaches")
