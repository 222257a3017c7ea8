"""SERVICE to endpoints that an operator allows: a guard asks them, and nothing else reaches out."""
