from extensions import bridge


@bridge.event(
    "get_late",
    replaces=("GET", "/api/all/late"),
    endpoint="late",
    resource="Late",
)
def get_late():
    return "late"
