"""The report of a proof: its figures and its problems."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """A proof has succeeded if `problems` is empty. Figures are printed in order."""

    figures: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The printed lines."""
        width = max(map(len, self.figures), default=0)
        figures = [f"  {name:<{width}}  {value}" for name, value in self.figures.items()]
        return figures + [f"PROBLEM {problem}" for problem in self.problems]


def few(problems: list[str], most: int = 20) -> list[str]:
    """The first `most` problems and the number of the others. One defect may cause hundreds of problems."""
    left = len(problems) - most
    return problems if left <= 0 else [*problems[:most], f"... and {left} more like these"]
