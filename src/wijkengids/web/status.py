"""``/health``: whether this server can do its work."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app

from wijkengids.engine.protocol import Question
from wijkengids.errors import EngineBusy, WijkengidsError
from wijkengids.release.folder import Release

rooms = Blueprint("status", __name__)


@rooms.get("/health")
def health() -> Response:
    """200 when a release is open and the engine answers, else 503; the body says what is in use and what is wrong."""
    follower, engine = current_app.extensions["follower"], current_app.extensions["engine"]
    about: dict[str, object] = {}
    trouble = []
    release: Release | None = None
    try:
        release = follower.get().release
        about |= {"release": release.name, "digest": release.manifest.digest, "base": release.manifest.base}
    except WijkengidsError as error:
        trouble.append(error.text.nl)
    if follower.trouble is not None:
        # an older release is still served whole, so this is a warning
        about["warning"] = f"De vorige uitgave blijft in gebruik: {follower.trouble.text.nl}"
    try:
        about["engine"] = engine.status()
        if release is not None:
            engine.query(Question(str(release.store), "ASK {}", "srj", ""))
    except EngineBusy:
        pass  # at work, so alive
    except WijkengidsError as error:
        trouble.append(error.text.nl)
    about = {"status": "error" if trouble else "ok", **about} | ({"trouble": trouble} if trouble else {})
    response = Response(json.dumps(about, ensure_ascii=False, indent=1) + "\n", content_type="application/json")
    response.status_code = 503 if trouble else 200
    response.headers["Cache-Control"] = "no-store"
    return response
