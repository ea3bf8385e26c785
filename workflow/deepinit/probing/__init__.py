"""Networks of one's own, any torch module, asked the questions of the three papers.

In it are

    report                `probe` and what it returns; drawing: its figure
    networks              building and measuring them; inputs and checks: what must be given;
                          recording: one pass of one network, sums: of one tensor; unchanged: what is put back
    structure             how layers hang together: activations and additions, found by comparing numbers
    questions, residual   the questions; findings: their answers, advice: what helps; growth: factors a layer
    chain_theory, theory  fully connected chains with weights of any variance
    sample_init           the data-dependent initialisation of Luther & Seung (2019)
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "report": "Report probe",
        "findings": "Finding",
        "inputs": "UnfitNetworks",
        "sample_init": "sample_init_",
    },
)
