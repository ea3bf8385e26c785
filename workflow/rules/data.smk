# Data: needs the network for a complete data set, or the folder that the key data_folder names;
# makes results/data/<data set>.npz. What was downloaded stays in results/data/downloads/. The subset
# of MNIST that the project carries needs nothing.


# What a data set holds is fixed by checksums. So neither another folder nor another way to fetch
# it makes it again, which would train every network again. The folder is a resource, because
# params would do that, and there is no hash of the code. Only its absence makes a data set.
rule data_set:
    output:
        f"{expected.DATA_FOLDER}/{{data_set}}.npz",
    log:
        f"{expected.DATA_FOLDER}/{{data_set}}.log",
    wildcard_constraints:
        data_set="mnist|cifar10",
    cache: workflow.enable_cache
    # A download that fails may succeed the next time; a folder stays as it is.
    retries: 0 if DATA_FOLDER else 2
    conda:
        "../../envs/jobs.yaml"
    resources:
        mem_mb=2000,
        runtime=180,
        data_folder=DATA_FOLDER,
    params:
        spec=lambda wildcards: json.dumps({"data_set": wildcards.data_set}),
    shell:
        "python workflow/job.py scripts/fetch_data.py --spec {params.spec:q} {resources.data_folder}"
        " --output {output:q} --log {log:q}"
