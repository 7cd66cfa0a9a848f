from functools import wraps


def role_required(role):
    """Let only a role in."""

    def decorator(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if not role:
                return {"error": "forbidden"}, 403
            return function(*args, **kwargs)

        return wrapper

    return decorator


def timed(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def loads_user(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, user="ada", **kwargs)

    return wrapper
