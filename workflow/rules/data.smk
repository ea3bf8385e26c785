# Data: needs the network for the complete MNIST (or a folder that has it), makes
# results/data/mnist/ and mnist.json. The subset that the project carries needs nothing.


rule mnist:
    output:
        DATA_SETS["mnist"],
    log:
        "results/data/mnist.log",
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        spec=json.dumps({"folder": SETTINGS.data_folder}),
        code=code("scripts/fetch_mnist.py"),
    message:
        "Fetching the complete MNIST and checking it"
    shell:
        "python workflow/job.py scripts/fetch_mnist.py --spec {params.spec:q} --output {output:q} --log {log:q}"
