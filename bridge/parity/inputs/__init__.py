"""What is asked: good calls, their edges, and random sequences; pure functions of what is known of an app."""

from bridge.parity.inputs.boundary import boundary_steps, first_steps, session_sequences
from bridge.parity.inputs.known import Known
from bridge.parity.inputs.sequences import sequences
from bridge.parity.inputs.simpler import simpler
from bridge.parity.inputs.values import good

__all__ = ["Known", "boundary_steps", "first_steps", "good", "sequences", "session_sequences", "simpler"]
