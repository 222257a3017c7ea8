"""Tests of the wijkengids; tests/README.md says how they are laid out."""
