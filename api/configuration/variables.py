"""Reads environment variables as texts, secrets, numbers, choices and lists."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from api.graphql import persisted
from connect.embedded.components import Component
from connect.inputs.web_address import InvalidAddress, ascii_host, convert_if_valid, parse
from connect.payments.rules.money import fee_policies
from connect.payments.rules.money.fee_policies import FeePolicy, InvalidFeePolicy
from connect.platform.records.retention import Rules
from resolvers.federation.names import COLLIDING, Subgraph
from resolvers.schema import schema

PREFIX = "CONNECTQL_"


class SettingsError(Exception):
    """All problems of the settings, each with its remedy. No message contains the value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(f"- {problem}" for problem in problems))
        self.problems = problems


class Variables:
    """Reads variables by name, without the prefix CONNECTQL_. Collects problems instead of raising errors."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []
        self.production = (
            self.choice("ENVIRONMENT", "production", ("development", "production")) == "production"
        )

    def full_names(self) -> Iterable[str]:
        return self._environment

    def text(self, name: str) -> str | None:
        value = self._environment.get(PREFIX + name, "").strip()
        return self._without_quotes(name, value) or None

    def standard(self, name: str) -> str:
        """Return an OpenTelemetry variable, whose name has no prefix, or "" if it is not set."""
        return self._environment.get(name, "").strip()

    def _without_quotes(self, name: str, value: str) -> str:
        """Return the value without quotes around it. Quotes are a problem, because no setting has a value
        that begins with a quote.
        """
        if len(value) < 2 or value[0] != value[-1] or value[0] not in "\"'":
            return value
        problem = (
            f"{PREFIX}{name} is in quotes, and the quotes are part of the value (docker run --env-file "
            "keeps them). Remove them."
        )
        if problem not in self.problems:
            self.problems.append(problem)
        return value[1:-1].strip()

    def secret(self, name: str) -> str | None:
        """Return the value of the variable, or the content of the file that `<NAME>_FILE` names. Returns None
        if neither is set.
        """
        value, file = self.text(name), self.path(f"{name}_FILE")
        if value is not None and file is not None:
            self.problems.append(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set. Keep one.")
        if value is None and file is not None:
            try:
                text = file.read_text(encoding="utf-8").strip()
                return self._without_quotes(f"{name}_FILE", text) or None
            except OSError as error:
                self.problems.append(f"{PREFIX}{name}_FILE: {file} cannot be read: {error.strerror}.")
            except UnicodeDecodeError:
                self.problems.append(f"{PREFIX}{name}_FILE: {file} is not UTF-8 text.")
        return value

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return Path(value) if value is not None else None

    def ca_file(self) -> Path | None:
        """Return the file that SSL_CERT_FILE names, or None. This variable has no prefix."""
        value = self._environment.get("SSL_CERT_FILE", "").strip()
        if value and not Path(value).is_file():
            self.problems.append(f"SSL_CERT_FILE: the file {value} does not exist.")
        return Path(value) if value else None

    def manifest(self, name: str) -> dict[str, str]:
        """Return the documents in the manifest file whose path the variable holds. The keys are the ids of
        the documents.
        """
        file = self.path(name)
        try:
            return persisted.published(file) if file is not None else {}
        except ValueError as error:
            self.problems.append(f"{PREFIX}{name}: {error}")
            return {}

    def subgraph(self, name: str) -> Subgraph | None:
        """Return the settings for the names in the subgraph, or None if the service is not a subgraph."""
        is_on = self.flag(name, default=False)
        prefix, prefixed = self.text(f"{name}_PREFIX") or "", split(self.text(f"{name}_PREFIXED"))
        if not is_on:
            return None
        if not re.fullmatch("([A-Z][A-Za-z0-9]*)?", prefix):
            self.problems.append(
                f"{PREFIX}{name}_PREFIX must be letters and digits, the first a capital letter."
            )
        if prefixed and not prefix:
            self.problems.append(f"{PREFIX}{name}_PREFIXED needs {PREFIX}{name}_PREFIX.")
        names = Subgraph(prefix, frozenset(prefixed) or COLLIDING)
        self.problems += (
            f"{PREFIX}{name}_PREFIXED: {problem}"
            for problem in names.problems(schema._schema.type_map)  # noqa: SLF001
        )
        return names

    def number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        # int() would accept signs, underscores and digits of other scripts, and is slow for long texts.
        if not (
            value.isascii() and value.isdigit() and len(value) <= 12 and minimum <= int(value) <= maximum
        ):
            self.problems.append(f"{PREFIX}{name} must be a whole number from {minimum} to {maximum}.")
            return default
        return int(value)

    def days(self, rules: Rules) -> dict[str, int]:
        """Return for each rule the number of days for which its data is kept, or 0 to keep it forever."""
        kept = {rule.name: self.number(rule.setting, rule.default, 0, 36_500) for rule in rules}
        for rule in rules:
            if 0 < kept[rule.name] < rule.minimum:
                self.problems.append(
                    f"{PREFIX}{rule.setting} must be at least {rule.minimum}, or 0 to keep the data forever."
                )
        return kept

    def duration(self, name: str, default: int, minimum: int, maximum: int) -> timedelta:
        return timedelta(seconds=self.number(name, default, minimum, maximum))

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name)
        if value is not None and value not in choices:
            self.problems.append(f"{PREFIX}{name} must be one of: {', '.join(choices)}.")
            return default
        return value or default

    def fee_policy(self, name: str) -> FeePolicy | None:
        value = self.text(name)
        try:
            return fee_policies.parse(value) if value is not None else None
        except InvalidFeePolicy as error:
            self.problems += (f"{PREFIX}{name}: {problem}" for problem in error.problems)
            return None

    def domains(self, name: str) -> frozenset[str]:
        """Return the host names in the variable's list, in ASCII and lower case."""
        return frozenset(self._domain(name, value) for value in split(self.text(name)))

    def _domain(self, name: str, value: str) -> str:
        with suppress(InvalidAddress):
            host = ascii_host(value).lower()
            _, point, last = host.rpartition(".")
            if point and last and not last.isdigit() and parse(f"https://{host}").netloc == host:
                return host
        self.problems.append(
            f"{PREFIX}{name}: {value!r} is not a domain. Write app.example, without a scheme."
        )
        return value

    def components(self, name: str) -> frozenset[Component]:
        """Parse a list of Stripe's names of embedded components. `all` stands for all of them."""
        values = split(self.text(name))
        if values == ("all",):
            return frozenset(Component)
        known = {component.value for component in Component}
        self.problems += (
            f"{PREFIX}{name}: {value!r} is not an embedded component. "
            f"Write all, or names of: {', '.join(sorted(known))}."
            for value in values
            if value not in known
        )
        return frozenset(Component(value) for value in values if value in known)

    def flag(self, name: str, *, default: bool) -> bool:
        return self.choice(name, "on" if default else "off", ("on", "off")) == "on"

    def origins(self, *names: str) -> frozenset[str]:
        """Read the origins from the first of these variables that is set. Return them in ASCII."""
        values = next((value for name in names if (value := split(self.text(name)))), ())
        return frozenset(map(convert_if_valid, values))

    def address(self, name: str) -> str | None:
        """Return the address in the variable, or None. A web address is converted to ASCII."""
        value = self.text(name)
        return convert_if_valid(value) if value is not None else None


def split(value: str | None) -> tuple[str, ...]:
    """Split a value at commas and white space. A file may have one secret on each line."""
    return tuple((value or "").replace(",", " ").split())
