"""What the kinds of links share: a frozen value, written as the parameters that differ from its defaults.

So a link stays short, and it has a version, so that it keeps its meaning when a default changes. A link comes from
anywhere: it is bounded before it is read. A name that resembles no parameter is passed over, because mail programs
and social networks add names of their own to links.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from batchviz.errors import SpecError
from batchviz.experiment import constraints
from batchviz.experiment.parsing import in_link
from batchviz.links.limits import MAX_PARAMETERS, MAX_VALUE_LENGTH, MAX_VALUES

VERSION = "1"


class UrlModel(BaseModel):
    """A value of a link: a field is a parameter."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    PARAMETERS: ClassVar[Mapping[str, str]] = {}
    """Field -> its parameter, where that has another name."""
    MAX_LENGTHS: ClassVar[Mapping[str, int]] = {}
    """Parameter -> how many characters it may have, where that is not MAX_VALUE_LENGTH."""
    SLACK: ClassVar[int] = 1
    """How many times that is read nevertheless: a value may be longer until it is tidied, and is then checked again."""
    NEIGHBOURS: ClassVar[Collection[str]] = ()
    """Parameters of other values in the same link, which are no misspellings."""
    RIDES: ClassVar[bool] = False
    """Whether it stands only beside another value, which writes the version and looks for misspellings."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Its parameters."""
        return tuple(map(cls._parameter, cls.model_fields))

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """A value from untrusted ones, text included. Raises SpecError naming every field that is wrong."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise SpecError(constraints.explain(error, cls.model_fields)) from None

    def replace(self, **changes: Any) -> Self:
        """The same value with some fields changed, validated."""
        return self.parse({name: getattr(self, name) for name in type(self).model_fields} | changes)

    @classmethod
    def decode(cls, parameters: Mapping[str, str]) -> Self:
        """The value that a link's parameters describe; those of other values are passed over.

        Raises SpecError for another version, for a misspelt or endless parameter, and for what no value can be.
        """
        check_size(parameters)
        check_version(parameters)
        return cls.from_texts({name: text for name, text in parameters.items() if cls._owns(name, text)})

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The value whose parameters these are, bounded already. Raises SpecError."""
        fields = {cls._parameter(name): name for name in cls.model_fields}
        return cls.parse({fields[parameter]: text for parameter, text in texts.items()})

    def encode(self) -> dict[str, str]:
        """The parameters of a link in which each stands once: the version, and what differs from the defaults."""
        texts = {name: text for name, (text,) in self.encode_lists().items()}
        return texts if self.RIDES else {"v": VERSION} | texts

    @classmethod
    def decode_lists(cls, parameters: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """The value that an address asks for, and the parameters that could not be read; anything may stand there.

        A field that is a tuple takes all texts of its parameter, any other the first.
        """
        texts: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            if values := list(parameters.get(cls._parameter(name), ()))[:MAX_VALUES]:
                texts[name] = values if isinstance(field.default, tuple) else values[0]
        try:
            return cls.model_validate(texts), []
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors(include_url=False)}
        readable = {name: text for name, text in texts.items() if name not in wrong}
        return cls.model_validate(readable), [cls._parameter(name) for name in texts if name in wrong]

    def encode_lists(self) -> dict[str, list[str]]:
        """The parameters that differ from the defaults, each with all its texts."""
        return {self._parameter(name): self.texts(name) for name in self._changed()}

    def texts(self, name: str) -> list[str]:
        """A field in characters that a browser leaves alone; `parse` reads it back."""
        return [in_link(getattr(self, name))]

    @classmethod
    def _parameter(cls, field: str) -> str:
        return cls.PARAMETERS.get(field, field)

    def _changed(self) -> Iterator[str]:
        for name, field in type(self).model_fields.items():
            if getattr(self, name) != field.get_default(call_default_factory=True):
                yield name

    @classmethod
    def _owns(cls, name: str, text: str) -> bool:
        if name in cls.names():
            most = cls.MAX_LENGTHS.get(name, MAX_VALUE_LENGTH)
            if len(text) > cls.SLACK * most:
                raise SpecError(f"{name}: got {len(text):,} characters; expected at most {most}.")
            return True
        if name not in cls.NEIGHBOURS and not cls.RIDES and (close := did_you_mean(name, cls.names())):
            raise SpecError(f"Unknown setting {name[:40]!r} in the link; expected {close!r}.")
        return False


def check_size(parameters: Mapping[str, str]) -> None:
    """Raises SpecError for a link of more parameters than any of ours has."""
    if len(parameters) > MAX_PARAMETERS:
        raise SpecError(f"The link has {len(parameters)} parameters; expected at most {MAX_PARAMETERS}.")


def check_version(parameters: Mapping[str, str]) -> None:
    """A link without a version is of version 1. Raises SpecError for one that a later BatchViz wrote."""
    version = parameters.get("v", VERSION)
    if version != VERSION:
        raise SpecError(
            f"The link is of version {version[:20]!r}; expected {VERSION}. Open it with the BatchViz it came "
            "from, or set up the run anew."
        )


def did_you_mean(name: str, names: Iterable[str], likeness: float = 0.75) -> str | None:
    """The one of these names that was meant, None for a name that resembles none. A single letter resembles nothing."""
    long = [each for each in names if len(each) > 1]
    close = difflib.get_close_matches(name[:40].lower().replace("-", "_"), long, n=1, cutoff=likeness)
    return close[0] if close else None
