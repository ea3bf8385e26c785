"""Deep ReLU networks at initialisation and when they start to train: theory and simulation.

It needs numpy, scipy and torch, reads and writes no files, and most of its theory does without
torch. A simulation and its theory lie side by side, `<name>.py` and `<name>_theory.py`, and their
docstrings carry the same equations.

    random          streams of random tensors; seeds: a stream for every address
    results         named arrays, which simulations return
    initialisers    distributions of initial weights; weights draws from them; widths: patterns over depth
    dense           fully connected networks at finite width: lengths, preactivations
    meanfield       wide networks: variances, activations, normalisation, gradients
    conv            convolutional networks
    resnet          residual networks
    noise           Gaussian processes over depth from which weights are drawn
    training        networks of one shape trained together
    stats           estimates and intervals
    probing         your own networks, any torch module, asked the same questions: `deepinit.probe`
    reference       the same in a few lines of plain torch, one network at a time, to compare with

    >>> import deepinit
    >>> ratios = deepinit.resnet.sample_ratios(depth=100, width=40, beta=0.5, networks=1000, seed=0)
    >>> ratios.log10()["log10_output_norm"].shape
    (1000,)

A topic offers its functions at its top (`exports` loads a module when it is first asked for). Sampling
functions take an integer, a numpy SeedSequence or Generator, or a `deepinit.random.RandomStream`.

Memory. Networks that are computed side by side share a stream: which of its numbers a network gets
depends on how many there are. So a batch is never divided when memory runs out, which would give
other networks; its size is fixed by the shape of the networks instead (`independent_weights`,
`networks_at_once` and the like), such that it takes little. Counted tensor by tensor, the most that any
computation holds at the sizes of the three papers is 630 MiB (smooth weights, 50 networks of 1000
layers of 40 neurons); fractional weights take 310 MiB, all others at most 620 MiB. One network of
2 L d² weights is the least that a batch can be: 8 L d² bytes.
"""

from deepinit.exports import offered

__version__ = "0.4.0"
_MODULES = (
    "conv dense initialisers meanfield noise probing random resnet results seeds stats training "
    "weights widths"
)
__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        **dict.fromkeys(_MODULES.split(), ""),
        "probing.report": "probe",
        "probing.sample_init": "sample_init_",
    },
)
