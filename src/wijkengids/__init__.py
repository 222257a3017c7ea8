"""The Dutch neighbourhood guide as a knowledge graph, and the publisher that serves it."""

__version__ = "0.1.0"
