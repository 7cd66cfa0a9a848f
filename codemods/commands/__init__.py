"""The commands of ``fetch2socket``, one per module; each loads what it needs when it runs."""
