"""The small Flask layer: what a release says, over HTTP."""
