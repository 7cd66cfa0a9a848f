"""What a programmer is told when the bridge is set up in a way that cannot work."""


class BridgeError(Exception):
    """Misuse of the bridge by a programmer; its message says what to do next.

    Bad data from a client never raises this: it is answered with an ack.
    """
