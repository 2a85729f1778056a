"""Plots of reports. Chinese is drawn with a font that has it, or not at all."""

from __future__ import annotations

from functools import cache
from typing import Any

# What a font must have to draw our labels.
_NEEDED = "派单"
_NO_FONT = "labels are numbered: no installed font has Chinese characters\n(Debian: fonts-noto-cjk)"


@cache
def chinese_font() -> Any:
    """Properties of an installed font with Chinese characters; None where there is none."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    # Where several have them, the usual ones for the screen come first.
    liked = ("Noto Sans CJK SC", "Source Han Sans", "Microsoft YaHei", "PingFang", "WenQuanYi", "SimHei")

    def rank(entry: Any) -> tuple[int, str, str]:
        places = [place for place, name in enumerate(liked) if entry.name.startswith(name)]
        return (min(places, default=len(liked)), entry.name, entry.fname)

    entries = [entry for entry in font_manager.fontManager.ttflist if entry.style == "normal"]
    for entry in sorted(entries, key=rank):
        try:
            font = FT2Font(entry.fname)
        except (OSError, RuntimeError):
            continue
        if all(font.get_char_index(ord(character)) for character in _NEEDED):
            return font_manager.FontProperties(fname=entry.fname)
    return None


def risk_coverage(curve: Any, task: str, ax: Any) -> Any:
    ax = _axes(ax)
    ax.plot(curve["coverage"], curve["precision"], drawstyle="steps-pre")
    _labelled(ax, f"{task}: precision of the answers kept", "coverage (share of tickets)", "precision")
    ax.set_xlim(0, 1)
    return ax


def reliability(bins: Any, task: str, ax: Any) -> Any:
    ax = _axes(ax)
    ax.plot([0, 1], [0, 1], linestyle=":", color="grey")
    ax.plot(bins["stated"], bins["right"], marker="o")
    _labelled(ax, f"{task}: calibration", "stated probability", "share right")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    return ax


def mistakes(named: list[tuple[str, str, int]], task: str, ax: Any) -> Any:
    ax = _axes(ax)
    labels = [f"{true} → {given}" for true, given, _ in named]
    font = chinese_font()
    needs_font = any(not label.isascii() for label in (label.replace("→", "") for label in labels))
    if needs_font and font is None:
        labels = [str(place + 1) for place in range(len(named))]
        ax.text(0.98, 0.02, _NO_FONT, transform=ax.transAxes, ha="right", va="bottom", fontsize="small")
    places = list(range(len(named)))
    ax.barh(places, [rows for _, _, rows in named])
    ax.set_yticks(places)
    ax.set_yticklabels(labels, fontproperties=font if needs_font else None)
    ax.invert_yaxis()
    _labelled(ax, f"{task}: mistakes (true → given)", "rows", "")
    return ax


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    # Not pyplot's: no window, no state of the caller's; a notebook shows `ax.figure`.
    return Figure(figsize=(6, 4), layout="constrained").add_subplot()


def _labelled(ax: Any, title: str, x: str, y: str) -> None:
    ax.set_title(title)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
