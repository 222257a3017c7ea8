"""A published version, frozen on disk."""
