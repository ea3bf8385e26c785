"""One file that holds a data set whose original files were verified.

Jobs read this file and not the originals: it is the same bytes wherever these came from, needs
no unpacking, and holds nothing that could be run. It is an uncompressed .npz of the four arrays
of `ByteImages`; the archive's own checksums tell a damaged file, not a wrong one.
"""

from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.datasets.images import ByteImages, DatasetError
from study.files import atomic_path


def write_data_file(path: Path, images: ByteImages) -> None:
    """Write `images` to `path` in one step.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with atomic_path(path) as temporary:
        np.savez(temporary, allow_pickle=False, **vars(images))


def read_data_file(path: Path) -> Images:
    """Return the data set in `path`.

    Raises:
        DatasetError: the file is missing, damaged or of another kind.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return ByteImages(**arrays).scaled()
    except FileNotFoundError:
        raise DatasetError(f"{path} is missing; run again, which makes it") from None
    except MemoryError:
        raise
    # Any part of the archive may be what is damaged, its own tables included.
    except Exception as error:
        raise DatasetError(
            f"{path} is damaged ({error}); delete it and run again: it is made from the "
            "files of the data set, which need not be fetched again"
        ) from error
