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
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=table_spec,
        code=code(expected.GATHER_SCRIPT),
    message:
        "{wildcards.paper} {wildcards.figure}: putting the table together"
    shell:
        "python workflow/job.py scripts/gather.py --spec {params.spec:q} --input part {input.part:q}"
        " --output {output:q} --log {log:q} --code {params.code}"
