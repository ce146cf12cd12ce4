"""The JSON of an archive as models: what each field must be. All else that a newer BatchViz adds is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from batchviz.errors import DataError
from batchviz.experiment.limits import (
    MAX_NOTE_LENGTH,
    MAX_RUN_NAME_LENGTH,
    MAX_RUN_TITLE_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
)
from batchviz.experiment.records import Progress, Source, Status
from batchviz.importers import bounded_json
from batchviz.importers.archive.container import Container
from batchviz.importers.limits import MAX_FINAL_VALUES, MAX_REASON_LENGTH

Number = Annotated[StrictFloat, Field(allow_inf_nan=False, gt=-1e300, lt=1e300)]
Count = Annotated[StrictFloat, Field(allow_inf_nan=False, ge=0, lt=1e12)]
ValueName = Annotated[StrictStr, Field(pattern=r"^[a-z_]{1,40}$")]
Tag = Annotated[StrictStr, Field(max_length=MAX_TAG_LENGTH)]


def text(length: int) -> Any:
    """A field of text, empty where it is not there."""
    return Field(
        default="", max_length=length, strict=True, description=f"text of at most {length:,} characters"
    )


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Manifest(_Document):
    """manifest.json."""

    format: StrictStr
    version: Annotated[StrictInt, Field(ge=1)]
    runs: list[StrictStr] = []


class Amounts(_Document):
    """How far a run came."""

    updates: Count
    examples: Count
    epochs: Count
    seconds: Count

    def as_progress(self) -> Progress:
        """The same as the store has it."""
        return Progress(int(self.updates), int(self.examples), self.epochs, self.seconds)


class RunDocument(_Document):
    """run.json. A field's description is what an error says was expected."""

    spec: dict[str, Any] = Field(description="an object")
    status: Status = Field(description=f"one of {', '.join(Status)}")
    reason: str = text(MAX_REASON_LENGTH)
    final: Annotated[dict[ValueName, Number], Field(max_length=MAX_FINAL_VALUES)] = Field(
        description="finite numbers by name"
    )
    progress: Amounts = Field(description="four numbers that are not negative")
    source: Any = Source.HERE
    title: str = text(MAX_RUN_TITLE_LENGTH)
    name: str = text(MAX_RUN_NAME_LENGTH)
    note: str = text(MAX_NOTE_LENGTH)
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)] = Field(
        default=[], description=f"a list of at most {MAX_TAGS} texts of at most {MAX_TAG_LENGTH} characters"
    )
    columns: Any = None


Document = TypeVar("Document", bound=_Document)


def read(container: Container, name: str, model: type[Document]) -> Document:
    """A JSON file of the archive. Raises DataError that names file and field, and says what was expected."""
    value = bounded_json.loads(container.read(name), f"{name} in the archive")
    if not isinstance(value, Mapping):
        raise DataError(f"{name} in the archive holds no object. Export it again.")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
        raise wrong(name, field, model.model_fields[field].description or "what BatchViz writes") from None


def wrong(name: str, field: str, expected: str) -> DataError:
    """The error to raise for a field of a file."""
    return DataError(f"{name}: {field} is not as it should be; expected {expected}.")
