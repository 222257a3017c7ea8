"""The things of the guide at their own addresses: ``/id`` says where, ``/doc`` what, ``/def`` and ``/shapes`` how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, abort, g, render_template, request, send_file, send_from_directory
from pyoxigraph import NamedNode
from werkzeug.datastructures import Headers

from wijkengids.documents.describe import Page, describe_graph, exists
from wijkengids.documents.document import Document, formats, write_document
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.errors import Text
from wijkengids.model.formats import BY_NAME, DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, Format, cut_extension
from wijkengids.model.iris import is_ref
from wijkengids.model.negotiate import Offers
from wijkengids.model.serialize import write
from wijkengids.model.vocab import DCTERMS, OWL
from wijkengids.web import pages
from wijkengids.web.links import Link, linkset_json, linkset_text
from wijkengids.web.respond import (
    decide,
    offered,
    problem,
    relative,
    release,
    reply,
    wanted,
)
from wijkengids.web.signposts import document_links, plain_links, successor_links
