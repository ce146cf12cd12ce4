"""How a link lays the Playground out, as a few words: `chart-updates-log` is the chart alone, by updates, log scale."""

from __future__ import annotations

import re
from dataclasses import dataclass

from batchviz.errors import SpecError
from batchviz.links.limits import MAX_LAYOUT_LENGTH, MAX_SMOOTHING_PER_CENT
from batchviz.links.url_model import did_you_mean

_SMOOTHING = re.compile(r"smooth([1-9]\d?)")


@dataclass(frozen=True)
class Layout:
    """What is on the page, and how the live chart is drawn at first; the chart's own controls still change that."""

    page: str = "full"
    axis: str = "epochs"
    scale: str = "linear"
    training: str = "end"
    every_update: bool = False
    smoothing: int = 0
    """Weight of the past in the moving average, per cent."""
    clock: str = "loop"
    """The way of training whose seconds are told."""

    def __post_init__(self) -> None:
        """Raises SpecError for what the chart has no control for."""
        for part, options in OPTIONS.items():
            if getattr(self, part) not in options:
                raise SpecError(
                    f"layout: {part} got {getattr(self, part)!r}; expected one of {', '.join(options)}."
                )
        if not 0 <= self.smoothing <= MAX_SMOOTHING_PER_CENT:
            raise SpecError(
                f"layout: got a smoothing of {self.smoothing} %; expected 0 to {MAX_SMOOTHING_PER_CENT} %."
            )

    def __str__(self) -> str:
        """The words that differ from the plain page: the `layout` parameter of a link."""
        words = [getattr(self, part) for part in OPTIONS if getattr(self, part) != getattr(Layout, part)]
        words += ["every"] if self.every_update else []
        words += [f"smooth{self.smoothing}"] if self.smoothing else []
        return "-".join(words)

    @classmethod
    def parse(cls, text: str) -> Layout:
        """The layout that these words describe. Raises SpecError for unknown words and for two of a kind."""
        if len(text) > MAX_LAYOUT_LENGTH:
            raise SpecError(f"layout: got {len(text):,} characters; expected at most {MAX_LAYOUT_LENGTH}.")
        parts: dict[str, str | int | bool] = {}
        for word in filter(None, re.split("[-,]", text)):
            part, value = _read(word)
            if part in parts:
                raise SpecError(f"layout: got {word!r} after {parts[part]!r}; expected one of them.")
            parts[part] = value
        return cls(**parts)  # type: ignore[arg-type]

    @property
    def chart(self) -> dict[str, str | float | bool]:
        """What differs from the chart as it is without a link, in the words of live/view-state.js."""
        drawn: dict[str, str | float | bool] = {
            part: getattr(self, part) for part in ("axis", "clock", "scale", "training")
        }
        preset = {part: word for part, word in drawn.items() if word != OPTIONS[part][0]}
        preset |= {"noise": True} if self.every_update else {}
        preset |= {"smoothing": self.smoothing / 100} if self.smoothing else {}
        return preset


OPTIONS = {
    "page": ("full", "buttons", "chart"),
    "axis": ("epochs", "updates", "examples", "seconds"),
    "clock": ("loop", "fit"),
    "scale": ("linear", "log"),
    "training": ("end", "running"),
}
"""Part -> its words, the plain one first. No word is in two parts."""

_WORDS: dict[str, tuple[str, str | bool]] = {
    **{word: (part, word) for part, words in OPTIONS.items() for word in words},
    "every": ("every_update", True),
}


def _read(word: str) -> tuple[str, str | int | bool]:
    if word in _WORDS:
        return _WORDS[word]
    if smoothing := _SMOOTHING.fullmatch(word):
        return "smoothing", int(smoothing[1])
    close = did_you_mean(word, _WORDS, likeness=0.6)
    meant = repr(close) if close else f"some of {', '.join([*_WORDS, 'smooth50'])}"
    raise SpecError(f"layout: there is no {word[:40]!r}; expected {meant}.")
