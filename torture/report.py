"""What a proof found."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """Figures in the order in which they are shown, and everything that was not as it must be."""

    figures: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
