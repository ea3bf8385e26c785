# Tables: needs the parts of a figure's table, makes the table that figures and verdicts read.


def parts_of(wildcards):
    section = SETTINGS.figures()[wildcards.paper][wildcards.figure]
    pattern = part_table(wildcards.paper, wildcards.figure)
    return [pattern.format(part=part) for part in section.parts()]


def missing_columns(wildcards):
    return SETTINGS.figures()[wildcards.paper][wildcards.figure].missing


rule gather:
    message:
        "{wildcards.paper} {wildcards.figure}: putting the table together"
    input:
        part=parts_of,
    output:
        RESULTS + "/tables/{paper}/{figure}.parquet",
    log:
        RESULTS + "/logs/tables/{paper}/{figure}.log",
    params:
        spec=lambda wildcards: json.dumps({"missing": missing_columns(wildcards)}),
        code=code("scripts/gather.py"),
    resources:
        mem_mb=1000,
        runtime=5,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "{JOB} scripts/gather.py --spec {params.spec:q} --input part {input.part:q}"
        " --output {output:q} --log {log:q}"
