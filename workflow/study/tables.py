"""Tables of results: Parquet files that carry their provenance and hide no broken number."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from study.errors import UserError
from study.files import atomic_path

_METADATA_KEY = b"deepinit"


def check_finite(frame: pd.DataFrame, missing: Mapping[str, str]) -> None:
    """Check that every number is finite, or missing where a column says so.

    Args:
        missing: column ↦ the boolean column that is true exactly where the first has no value.

    Raises:
        UserError: a column is of a type that cannot be checked, or has an unexplained NaN or infinity.
    """
    for column in frame.columns:
        values = frame[column]
        if values.dtype.kind in "cO" and not pd.api.types.is_string_dtype(values):
            raise UserError(
                f"column '{column}' is of type {values.dtype}, which cannot be checked: let it have real "
                "numbers, and NaN, not None, where there is none"
            )
        if not pd.api.types.is_float_dtype(values):
            continue
        absent = ~np.isfinite(values.to_numpy())
        explained = (
            frame[missing[column]].to_numpy() if column in missing else np.zeros(len(frame), bool)
        )
        if np.isinf(values.to_numpy()).any() or (absent != explained).any():
            raise UserError(
                f"column '{column}' has a value that is not finite, and no column says why: these settings "
                "lead to overflow or underflow, for example because every unit of a layer is dead in a very "
                "narrow network, or because a change is too small for float32 at a very large β; choose "
                "larger widths, fewer layers or a smaller β"
            )


def write_table(
    frame: pd.DataFrame,
    path: Path,
    provenance: Mapping[str, Any],
    missing: Mapping[str, str] | None = None,
) -> None:
    """Write `frame` to a Parquet file in one step, `provenance` in its metadata.

    The same frame and provenance give the same bytes.

    Raises:
        UserError: see `check_finite`.
        OSError: the file cannot be written.
    """
    check_finite(frame, missing or {})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    note = json.dumps(provenance, sort_keys=True, ensure_ascii=False)
    metadata = {**(table.schema.metadata or {}), _METADATA_KEY: note.encode()}
    with atomic_path(path) as temporary:
        pq.write_table(
            table.replace_schema_metadata(metadata),
            temporary,
            compression="zstd",
            write_page_checksum=True,
        )


def read_table(path: Path) -> pd.DataFrame:
    """Return the table at `path`.

    Raises:
        UserError: the file is missing, cannot be read, or is damaged: a checksum does not hold, or it is
            no table at all.
    """
    try:
        return pq.read_table(path, page_checksum_verification=True).to_pandas()
    except FileNotFoundError:
        raise UserError(f"the table {path} is missing; run the workflow to make it") from None
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, LookupError, TypeError) as error:
        # What the system reports has a number; what Arrow finds in the content has none.
        if isinstance(error, OSError) and error.errno is not None:
            raise UserError(f"the table {path} cannot be read: {error.strerror}") from None
        # A part from a cache between workflows is a link: without it the same link would be made again.
        remedy = f"delete {path.resolve()} and run again, which makes it again"
        raise UserError(f"{path} is damaged ({error}): {remedy}") from None


def read_provenance(path: Path) -> dict[str, Any]:
    """Return the provenance of the table at `path`."""
    return json.loads(pq.read_schema(path).metadata[_METADATA_KEY])
