"""What lies ready as a file: dumps of the release, style sheets of the package."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import Blueprint, Response, abort, send_file
from werkzeug.security import safe_join

from wijkengids.model.formats import BY_NAME, GRAPH_FORMATS
from wijkengids.web import built
from wijkengids.web.respond import release

rooms = Blueprint("files", __name__)

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain"}


@rooms.get("/dump/wijkengids.<extension>")
def dump(extension: str) -> Response:
    """Give everything as one file: the named graphs in nq and trig, their merge in the other formats."""
    format_ = BY_NAME.get(extension)
    if format_ not in GRAPH_FORMATS:
        abort(404)
    path = release().release.folder / "dumps" / f"wijkengids.{extension}"
    etag = release().release.manifest.files[f"dumps/{path.name}"]["sha256"]
    response = send_file(path, mimetype=format_.media_type, conditional=True, etag=etag)
    del response.headers["Date"]  # the server says it
    published = release().published
    if published is None:
        del response.headers["Last-Modified"]  # the file's own date: that of the build
    else:
        response.last_modified = dt.datetime.combine(published.day, dt.time(), dt.UTC)
    return response


@rooms.get("/static/<path:filename>")
def static(filename: str) -> Response:
    """Give a file of the package: read whole, so that it is coded and tagged like everything."""
    path = safe_join(str(_STATIC), filename)
    if path is None or not Path(path).is_file():
        abort(404)
    response = Response(Path(path).read_bytes(), mimetype=_TYPES.get(Path(path).suffix, "application/octet-stream"))
    if Path(path).parent == built.FOLDER and path.endswith((".js", ".css")):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # the name holds a hash of the bytes
    return response
