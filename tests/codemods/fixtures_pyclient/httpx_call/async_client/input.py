import asyncio

import httpx

BASE = "http://localhost:5555"


async def main():
    async with httpx.AsyncClient(base_url=BASE) as client:
        response = await client.get("/coaches", timeout=2)
        response.raise_for_status()
        print(response.json())
        print((await client.patch("/coaches/3", json={"name": "Ann"})).status_code)
        first = await client.get("/coaches/1")
        print(first.is_success, first.status_code)


try:
    asyncio.run(main())
except httpx.HTTPError:
    print("caught")
except ValueError:
    print("no JSON")
