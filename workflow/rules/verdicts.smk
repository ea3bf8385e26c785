# Verdicts: needs those that each figure's presentation writes, makes verdicts.csv.


rule gather_verdicts:
    input:
        **inputs_of("verdicts/verdicts.csv"),
    output:
        report(
            result("verdicts/verdicts.csv"),
            caption="../report/captions/verdicts.rst",
            category="Verdicts",
            labels={"figure": "a verdict on each published statement"},
        ),
    log:
        result("logs/verdicts/verdicts.log"),
    retries: 0
    conda:
        "../../envs/jobs.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        **job_params("verdicts/verdicts.csv"),
    shell:
        JOB_COMMAND
