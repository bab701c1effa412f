"""The address of a PostgreSQL server, as libpq and database providers write it.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

UNREADABLE = "The database URL cannot be read. In a password, write / # ? @ : % as %2F %23 %3F %40 %3A %25."

# The supported values of target_session_attrs. The service writes, so it needs a host that accepts writes.
TARGETS = ("any", "read-write", "primary")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

# asyncpg takes these parameters only in an address (https://magicstack.github.io/asyncpg/current/api/index.html).
_FILES_AND_VERSIONS = (
    *("sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)
_DRIVERS = ("krbsrvname", "gsslib", "passfile")

# Parameters for other drivers or for providers that have no effect here. asyncpg does not support channel
# binding.
_IGNORED = frozenset(
    {
        *("channel_binding", "client_encoding", "fallback_application_name", "gssencmode"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
        *("load_balance_hosts", "sslcertmode", "sslcompression", "sslsni"),
        *("connection_limit", "pool_timeout", "pool_mode", "supa", "uselibpqcompat"),
    }
)

# Parameters for other drivers. They mean that the address belongs to a pooler in transaction mode.
_POOLED = (
    ("pgbouncer", "true"),
    ("statement_cache_size", "0"),
    ("prepared_statement_cache_size", "0"),
    ("prepareThreshold", "0"),
)
_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<name>[^\[\]:]*))(?::(?P<port>[0-9]{1,5})?)?")


def parse(url: str) -> dict[str, Any]:
    """Return the connection settings for `models.engine.asyncpg`.

    `host` and `port` are lists if the address has several.

    Raises ValueError. The message omits the URL, which may contain a password.
    """
    authority, _, rest = url.partition("://")[2].partition("?")
    authority, _, path = authority.partition("/")
    # If a password contains these characters unescaped, the address is split at the wrong places.
    if "#" in url or "@" in path or "@" in rest:
        raise ValueError(UNREADABLE)
    parameters = dict(parse_qsl(rest, keep_blank_values=True))
    login, _, servers = authority.rpartition("@")
    user, _, password = login.partition(":")
    hosts, ports = _servers(servers, parameters)
    credentials: dict[str, Any] = {
        "host": hosts[0] if len(hosts) == 1 else hosts or None,
        "port": ports[0] if len(ports) == 1 else ports or 5432,
        "user": unquote(user) or parameters.pop("user", None),
        "password": unquote(password) or parameters.pop("password", None),
        "database": unquote(path) or parameters.pop("dbname", ""),
        "timeout": 10,  # seconds to connect
    }
    _read(parameters, credentials)
    if not credentials["database"]:
        raise ValueError("The database URL names no database: postgresql://user:password@host:5432/database")
    return credentials


def _servers(text: str, parameters: dict[str, str]) -> tuple[list[str], list[int]]:
    hosts: list[str] = []
    ports: list[int] = []
    for server in text.split(",") if text else ():
        match = _HOST.fullmatch(server)
        if match is None or int(match["port"] or 1) not in range(1, 65536):
            raise ValueError(UNREADABLE)
        hosts.append(unquote(match["v6"] or match["name"]))
        ports.append(int(match["port"] or 5432))
    if "unix_sock" in parameters:  # pg8000's parameter for the path of a socket
        parameters["host"] = parameters.pop("unix_sock").rpartition("/.s.PGSQL.")[0]
    if given := parameters.pop("host", ""):
        hosts = given.split(",")
        ports = (ports if len(ports) == len(hosts) else ports[:1] or [5432]) * len(hosts)
        ports = ports[: len(hosts)]
    if port := parameters.pop("port", ""):
        numbers = port.split(",")
        if not all(one.isdecimal() for one in numbers) or len(numbers) not in {1, max(len(hosts), 1)}:
            raise ValueError("The database URL's parameter port needs one number, or one for each host")
        ports = [int(one) for one in numbers] * (len(hosts) if len(numbers) == 1 and hosts else 1)
    if not all(hosts) and len(hosts) > 1:
        raise ValueError(UNREADABLE)
    return [host for host in hosts if host], ports


def _read(parameters: dict[str, str], credentials: dict[str, Any]) -> None:
    """Move the parameters into the credentials. Raises ValueError if a value is invalid."""
    # Drivers for Node.js and Java use this parameter.
    if parameters.get("ssl", "").lower() in {"true", "1", "require"}:
        del parameters["ssl"]
        parameters.setdefault("sslmode", "require")
    _check(parameters, "sslmode", SSL_MODES)
    _check(parameters, "target_session_attrs", TARGETS)
    if parameters.get("sslrootcert") == "system":  # the certificates of the operating system
        del parameters["sslrootcert"]
        parameters.pop("sslmode", None)
        credentials["ssl"] = True
    for parameter, name in (
        ("sslmode", "ssl"),
        ("application_name", "application_name"),
        ("target_session_attrs", "target_session_attrs"),
        ("options", "options"),
        *((name, name) for name in _DRIVERS),
    ):
        if parameter in parameters:
            credentials[name] = parameters.pop(parameter)
    if seconds := parameters.pop("connect_timeout", ""):
        if not seconds.isdecimal():
            raise ValueError("The database URL's parameter connect_timeout needs a number of seconds")
        credentials["timeout"] = int(seconds) or 10
    # asyncpg accepts an address without a server in addition to its other arguments.
    if files := {name: parameters.pop(name) for name in _FILES_AND_VERSIONS if name in parameters}:
        credentials["dsn"] = f"postgresql:///?{urlencode(files)}"
    if any(parameters.get(name) == value for name, value in _POOLED):
        credentials["pooled"] = True
    for name, _ in _POOLED:
        parameters.pop(name, None)
    if parameters.get("schema") == "public":
        del parameters["schema"]
    if unknown := parameters.keys() - _IGNORED:
        names = ", ".join(sorted(filter(str.isidentifier, unknown)))
        raise ValueError(
            f"The database URL has parameters that are not supported: {names}. "
            "docs/databases.md lists the supported parameters."
        )


def _check(parameters: dict[str, str], name: str, values: tuple[str, ...]) -> None:
    if parameters.get(name, values[0]) not in values:
        raise ValueError(f"The database URL's parameter {name} must be one of: {', '.join(values)}")
