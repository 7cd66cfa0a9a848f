import asyncio

import httpx
from bridge.pyclient import connect_async

BASE = "http://localhost:5555"


async def main():
    async with connect_async(BASE) as client:
        response = await client.call("get_coaches", timeout=2)
        response.raise_for_status()
        print(response.json())
        print((await client.call("update_coach", {"id": 3}, {"name": "Ann"})).status)
        first = await client.call("get_coach", {"id": 1})
        print(first.ok, first.status)


try:
    asyncio.run(main())
except httpx.HTTPError:
    print("caught")
except ValueError:
    print("no JSON")
