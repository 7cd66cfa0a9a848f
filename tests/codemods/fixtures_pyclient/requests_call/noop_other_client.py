import urllib.request
from urllib.request import urlopen

import aiohttp

urlopen("http://localhost:5555/coaches").read()
urllib.request.urlopen("http://localhost:5555/coaches").read()


async def main():
    async with aiohttp.ClientSession() as session:
        await session.get("http://localhost:5555/coaches")
