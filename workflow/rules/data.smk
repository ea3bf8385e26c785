# Data: needs the network for the complete MNIST, makes results/data/mnist/ and mnist.json. The subset that
# the project carries needs nothing.

MNIST_SUBSET = "workflow/data/mnist_subset/SHA256SUMS"
MNIST_FULL = "results/data/mnist.json"


def mnist_checksums(data):
    """Return the checksum file that names a copy of MNIST: "carried" or "full"."""
    return MNIST_SUBSET if data == "carried" else MNIST_FULL


rule mnist:
    message:
        "Fetching the complete MNIST and checking it"
    output:
        MNIST_FULL,
    log:
        "results/data/mnist.log",
    params:
        spec=json.dumps({"folder": SETTINGS.mnist_folder}),
        code=code("scripts/fetch_mnist.py"),
    resources:
        mem_mb=1000,
        runtime=30,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "{JOB} scripts/fetch_mnist.py --spec {params.spec:q} --output {output:q} --log {log:q}"
