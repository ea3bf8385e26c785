# Tables: needs the parts of a figure's table, makes the table that figures and verdicts read.


rule gather:
    input:
        part=parts_of,
    output:
        result("tables/{paper}/{figure}.parquet"),
    log:
        result("logs/tables/{paper}/{figure}.log"),
    retries: 0
    conda:
        "../../envs/jobs.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        **job_params("tables/{paper}/{figure}.parquet"),
    shell:
        JOB_COMMAND
