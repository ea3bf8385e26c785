"""What all tests of the science share."""

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """As jobs compute: threads that wait for each other cost more than such small tensors take."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
