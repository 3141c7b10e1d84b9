"""Lines of the comparison: figures of embedded and Elasticsearch, and the ratio of the second to the first."""

from __future__ import annotations

from collections.abc import Sequence

from api.commands.bench_measures import percentiles
from api.commands.output import write_line


def write_figures_heading() -> None:
    """Write what stands above `write_figures`."""
    write_line()
    write_line(f"{'':<50}{'embedded':>12}{'elasticsearch':>15}{'ratio':>9}")


def write_figures(what: str, embedded: float | None, elastic: float | None) -> None:
    """Write one figure of each, or of one; a dash for what there is not."""
    known = [value for value in (embedded, elastic) if value is not None]
    is_exact = all(isinstance(value, int) for value in known) or max(known, default=0) >= 1_000
    digits = 0 if is_exact else 1
    cells = ["-" if value is None else f"{value:.{digits}f}" for value in (embedded, elastic)]
    write_line(f"{what:<50}{cells[0]:>12}{cells[1]:>15}{_ratio(embedded, elastic):>9}")


def write_times_heading(what: str) -> None:
    """Write what stands above `write_times`."""
    write_line()
    write_line(f"{what:<36}{'embedded':>27}{'elasticsearch':>27}{'ratio':>24}")
    names = f"{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}" * 2 + f"{'p50':>8}{'p99':>8}{'CPU':>8}"
    write_line(f"{'filter':<28}{'share':>8}{names}")


def write_times(
    name: str,
    share: float,
    times: Sequence[Sequence[float]],
    cpu_s: Sequence[float],
    *more: str,
) -> None:
    """Write the percentiles of both sides' times under one filter, and what they computed.

    Args:
        name: of the filter.
        share: of the candidates that it leaves, 0 to 1.
        times: the seconds of embedded, and those of Elasticsearch.
        cpu_s: the seconds of all cores of a question on the average, of either; the server's
            included. They depend less than times on what else the machine does.
        *more: what else there is to say.
    """
    sides = [(*percentiles(each), cpu) for each, cpu in zip(times, cpu_s, strict=True)]
    cells = "".join(f"{seconds * 1000:>9.2f}" for side in sides for seconds in side)
    ratios = "".join(f"{_ratio(*pair):>8}" for pair in zip(*sides, strict=True))
    write_line(f"{name:<28}{share:>8.1%}{cells}{ratios}  {'  '.join(more)}".rstrip())


def write_spent_heading(what: str) -> None:
    """Write what stands above `write_spent`."""
    write_line()
    write_line(f"{what:<36}{'embedded':>18}{'elasticsearch':>18}{'ratio':>8}{'requests':>18}")
    names = f"{'calls':>9}{'ms':>9}" * 2 + f"{'ms':>8}{'number':>9}{'ms each':>9}"
    write_line(f"{'':<36}{names}")


def write_spent(
    name: str,
    calls: Sequence[float],
    spent: Sequence[float],
    requests: tuple[float, float] | None = None,
) -> None:
    """Write what a part of a search takes, on the average.

    Args:
        name: of the part.
        calls: how often a search calls embedded, and how often Elasticsearch.
        spent: the seconds of these calls together, of either.
        requests: how many requests go over the network for it, and the seconds of one.
    """
    cells = "".join(
        f"{number:>9.1f}{seconds * 1000:>9.2f}"
        for number, seconds in zip(calls, spent, strict=True)
    )
    network = "" if requests is None else f"{requests[0]:>9.1f}{requests[1] * 1000:>9.2f}"
    write_line(f"{name:<36}{cells}{_ratio(spent[0], spent[1]):>8}{network}")


def _ratio(embedded: float | None, elastic: float | None) -> str:
    return f"{elastic / embedded:.2f}" if embedded and elastic is not None else "-"
