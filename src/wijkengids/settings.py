"""Every setting in one table: name, default, meaning. Command line, server processes and documentation use it.

A setting is read once, from the environment variable ``WIJKENGIDS_`` plus its name in capitals; a command-line option
of the same name goes before it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wijkengids.engine.connection import Access
from wijkengids.engine.federation.services import Services, read_endpoints
from wijkengids.engine.pool import Limits
from wijkengids.errors import WrongUse

PREFIX = "WIJKENGIDS_"
INTERFACES = ("rsgi", "wsgi")
_RELEASES = Path("releases")


def _setting(default: Any, nl: str, en: str) -> Any:
    return field(default=default, metadata={"nl": nl, "en": en})


@dataclass(frozen=True)
class Settings:
    """The settings of a server. Times in seconds, sizes in MiB."""

    releases: Path = _setting(_RELEASES, "map met de uitgaven", "folder with the releases")
    host: str = _setting("127.0.0.1", "adres om op te luisteren", "address to listen on")
    port: int = _setting(8000, "poort om op te luisteren", "port to listen on")
    interface: str = _setting(
        "rsgi",
        "rsgi: alles; wsgi: sneller voor documenten, zonder stromen en zonder te merken dat een client weggaat",
        "rsgi: everything; wsgi: faster for documents, no streaming, and a client that leaves is not noticed",
    )
    workers: int = _setting(2, "webprocessen (wsgi)", "web processes (wsgi)")
    trusted_proxies: int = _setting(
        0, "proxy's ervoor die de client naar waarheid noemen", "proxies in front that name the client truthfully"
    )
    frozen_memory: int = _setting(
        64,
        "geheugen per webproces voor klare antwoorden (MiB)",
        "memory per web process for ready answers (MiB)",
    )
    metrics_port: int = _setting(
        0,
        "poort voor Prometheus-cijfers, op 127.0.0.1 (0: geen)",
        "port for Prometheus metrics, on 127.0.0.1 (0: none)",
    )
    query_workers: int = _setting(4, "vragen die tegelijk mogen lopen", "queries that may run at once")
    query_long: int = _setting(2, "vragen die daarnaast lang mogen lopen", "queries that may run long besides")
    query_queue: int = _setting(24, "vragen die mogen wachten", "queries that may wait")
    query_patience: float = _setting(5.0, "zo lang mag een vraag wachten (s)", "time a query may wait (s)")
    query_deadline: float = _setting(15.0, "zo lang mag een vraag lopen (s)", "time a query may run (s)")
    query_memory: int = _setting(1024, "geheugen per vraag (MiB)", "memory per query (MiB)")
    query_result: int = _setting(32, "grootste antwoord (MiB)", "largest answer (MiB)")
    engine: str = _setting(
        "",
        "adres van een SPARQL-engine elders (leeg: de eigen)",
        "address of a SPARQL engine elsewhere (empty: our own)",
    )
    engine_user: str = _setting("", "naam bij die engine", "name at that engine")
    engine_password: str = field(
        default="",
        repr=False,
        metadata={"nl": "wachtwoord bij die engine", "en": "password at that engine"},
    )
    engine_connect: float = _setting(
        2.0, "zo lang mag verbinden met die engine duren (s)", "time to connect to that engine (s)"
    )
    engine_retries: int = _setting(
        2, "nieuwe pogingen waar die engine niet antwoordt", "further attempts where that engine does not answer"
    )
    query_services: str = _setting(
        "",
        "SPARQL-endpoints die SERVICE mag noemen, met komma's ertussen (leeg: geen)",
        "SPARQL endpoints that SERVICE may name, with commas between (empty: none)",
    )
    query_service_networks: str = _setting(
        "",
        "netwerken waarin die mogen liggen behalve de openbare, zoals 10.1.2.0/24",
        "networks that those may lie in besides the public ones, such as 10.1.2.0/24",
    )
    parent: int = _setting(
        0, "proces waarmee een webproces eindigt (zet de server)", "process to end with (set by serve)"
    )
    broker: str = _setting(
        "", "socket van de SPARQL-dienst (zet de server zelf)", "socket of the SPARQL service (set by serve)"
    )
    guard: str = field(
        default="",
        repr=False,
        metadata={
            "nl": "adres van het proces dat andere endpoints vraagt (zet de server zelf)",
            "en": "address of the process that asks other endpoints (set by serve)",
        },
    )

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """Return the settings from the environment, with what was ``given`` (and is not None) put first."""
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for setting in fields(cls):
            text = environment.get(PREFIX + setting.name.upper())
            if given.get(setting.name) is not None:
                values[setting.name] = given[setting.name]
            elif text is not None:
                values[setting.name] = _cast(setting.name, text, setting.default)
        return cls(**values)

    def __post_init__(self) -> None:
        if self.interface not in INTERFACES:
            raise WrongUse(
                f"{PREFIX}INTERFACE='{self.interface}' bestaat niet. Kies uit: {', '.join(INTERFACES)}.",
                f"{PREFIX}INTERFACE='{self.interface}' does not exist. Choose from: {', '.join(INTERFACES)}.",
            )

    def environment(self) -> dict[str, str]:
        """Return the settings as environment variables, for the processes that the server starts."""
        return {PREFIX + setting.name.upper(): str(getattr(self, setting.name)) for setting in fields(self)}

    def access(self, url: str) -> Access:
        """Return how to reach an engine elsewhere at ``url``; WrongUse where that is no address."""
        return Access(url, self.engine_user, self.engine_password, self.engine_connect, self.engine_retries)

    @property
    def limits(self) -> Limits:
        """What a query may take."""
        return Limits(
            workers=self.query_workers,
            long=self.query_long,
            queue=self.query_queue,
            patience=self.query_patience,
            deadline=self.query_deadline,
            memory=self.query_memory * 2**20,
            result=self.query_result * 2**20,
            guard=urlsplit(self.guard).port or 0,
        )

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints that SERVICE may name; WrongUse where one is none, or where an engine elsewhere would ask."""
        found = read_endpoints(self.query_services)
        if found and self.engine:
            raise WrongUse(
                "SERVICE kan niet samen met een engine elders: die zou het verzoek zelf doen, voorbij elke controle."
                f" Laat {PREFIX}QUERY_SERVICES leeg, of --engine weg.",
                "SERVICE does not go with an engine elsewhere: that would make the request itself, past every check."
                f" Leave {PREFIX}QUERY_SERVICES empty, or leave out --engine.",
            )
        return found

    @property
    def services(self) -> Services | None:
        """What SERVICE may name and where the guard is; None where there is no guard."""
        return Services(self.endpoints, self.guard) if self.guard else None


def _cast(name: str, text: str, default: Any) -> Any:
    """Return a text as the type of its default; WrongUse names the variable."""
    try:
        return type(default)(text)
    except ValueError:
        raise WrongUse(
            f"{PREFIX}{name.upper()}='{text}' is geen getal.",
            f"{PREFIX}{name.upper()}='{text}' is not a number.",
        ) from None
