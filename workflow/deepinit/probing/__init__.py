"""Networks of one's own, any torch module, asked the questions of the three papers.

In it are

    report                `probe` and what it returns; drawing: its figure
    networks              building and measuring them; recording: one pass of one; unchanged: what is put back
    structure             activations and residual branches, found by comparing numbers
    findings, residual    the questions, their answers and what helps; growth: factors a layer
    chain_theory, theory  fully connected chains with weights of any variance
    sample_init           the data-dependent initialisation of Luther & Seung (2019)
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "report": "Report probe",
        "findings": "Finding",
        "networks": "UnfitNetworks",
        "sample_init": "sample_init_",
    },
)
