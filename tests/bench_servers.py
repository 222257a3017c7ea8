"""The servers that are compared, each on one core: ours, nginx with the same bytes on disk, rdflib at every request."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench_load import Client, descendants
from tests.conftest import ROOT, Address, answers, free_port, serving, wait_until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
ACCEPT = {
    "ttl": "text/turtle;q=1.0, application/ld+json;q=0.8, */*;q=0.1",
    "html": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
"""What real clients send for each format: RDF4J, a browser, and two that know what they want."""
_OWN = {"date", "server", "content-length", "content-type", "etag", "connection", "last-modified", "content-encoding"}
"""Headers that nginx makes itself."""


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this process, and what it starts, on one core until the block ends."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def stage() -> Iterator[ExitStack]:
    """Give a stack in which servers are started on the server's core; the block itself runs on the client's."""
    with ExitStack() as stack, on_core(CLIENT_CORE):
        yield stack


def ours(stack: ExitStack, releases: Path, **settings: str) -> Address:
    """Start ``wijkengids serve`` with one web process, its figures for an operator switched on."""
    environment = {"WIJKENGIDS_WORKERS": "1", "WIJKENGIDS_METRICS_PORT": str(free_port())} | settings
    with on_core(SERVER_CORE), _quiet():
        return stack.enter_context(serving(WIJKENGIDS_RELEASES=str(releases), **environment))


@contextmanager
def _quiet() -> Iterator[None]:
    """Let what is started in the block write nowhere: the output of a benchmark is its tables."""
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@dataclass
class Copy:
    """Documents as our server gave them: bytes per extension on disk, headers of each."""

    folder: Path
    headers: list[dict[str, str]] = field(default_factory=list)

    def fetch(self, address: str, paths: Sequence[str], formats: Sequence[str]) -> None:
        """Fetch the paths in the formats, as they come and packed by gzip."""
        client = Client(address)
        for path in paths:
            for name in formats:
                response, body = client.ask(path, {"Accept": ACCEPT[name], "Accept-Language": "nl"})
                assert response.status == 200, (path, response.status)
                file = self.folder / f"{path.lstrip('/')}.{name}"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
                file.with_name(file.name + ".gz").write_bytes(gzip.compress(body, 6, mtime=0))
                self.headers.append({k: v for k, v in response.getheaders() if k.lower() not in _OWN})


def nginx(stack: ExitStack, copy: Copy, folder: Path) -> Address:
    """Start nginx on a copy, with a map for the negotiation.

    It sends the headers that are the same in all our answers; those of one document (``Link``, ``Content-Location``)
    it is spared: it would need a map for each, and be slower.
    """
    assert NGINX is not None
    port = free_port()
    for name in ("logs", "temp"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(_configuration(copy, port, folder), encoding="utf-8")
    with on_core(SERVER_CORE):
        command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "logs/error.log"]
        return stack.enter_context(process(command, port))


def rdflib_server(stack: ExitStack, copy: Copy) -> Address:
    """Start a server that parses N-Triples and serialises Turtle with rdflib at every request."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "--no-log",
        "tests.bench_rdflib:application",
    ]  # fmt: skip
    environment = os.environ | {"BENCH_COPY": str(copy.folder)}
    with on_core(SERVER_CORE):
        return stack.enter_context(process(command, port, environment))


@contextmanager
def process(
    command: list[str],
    port: int,
    environment: Mapping[str, str] | None = None,
    ready: str = "/health",
    seconds: float = 30,
) -> Iterator[Address]:
    """Run a server until the block ends; it is ready when the path ``ready`` answers, within ``seconds``."""
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = Address(f"http://127.0.0.1:{port}")
        address.pid = running.pid
        wait_until(lambda: running.poll() is not None or answers(address + ready), seconds)
        assert running.poll() is None, f"{command[0]} ended at once"
        yield address
    finally:
        running.terminate()
        try:
            running.wait(2)
        except subprocess.TimeoutExpired:  # at work on a query that nothing stops
            running.kill()
            running.wait(10)


def _configuration(copy: Copy, port: int, folder: Path) -> str:
    common = [
        name for name in copy.headers[0] if all(headers.get(name) == copy.headers[0][name] for headers in copy.headers)
    ]
    lines = [f"add_header {name} {_quoted(copy.headers[0][name])};" for name in common]
    newline = "\n"
    return f"""
{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log logs/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; etag on; server_tokens off; gzip_static on; gzip_vary off;
  keepalive_timeout 75; keepalive_requests 100000000;
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  charset utf-8; charset_types text/turtle text/html;
  types {{ text/turtle ttl; text/html html; application/ld+json jsonld; application/n-triples nt; }}
  map $http_accept $extension {{
    default ttl;
    "~*text/html" html;
    "~*text/turtle" ttl;
    "~*application/ld\\+json" jsonld;
    "~*application/n-triples" nt;
  }}
  server {{
    listen 127.0.0.1:{port}; root {copy.folder};
    location = /health {{ return 200; }}
    location /doc/ {{
      try_files $uri.$extension $uri =404;
      {newline.join(lines)}
    }}
  }}
}}
"""


def _quoted(text: str) -> str:
    assert "$" not in text, text  # nginx has no way to write it
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def memory(pid: int) -> dict[str, float]:
    """Return what the processes under a server hold, by kind, in MiB (PSS: what is shared is divided)."""
    found: dict[str, float] = {}
    for process in descendants(pid):
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        kinds = {b"spawn_main": "web process", b"wijkengids.engine": "SPARQL service"}
        kind = next((name for mark, name in kinds.items() if mark in command), "main process")
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        size = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        found[kind] = found.get(kind, 0.0) + size / 1024
    return found
