# Verdicts: needs those that each figure's presentation writes, makes verdicts.csv.


rule gather_verdicts:
    input:
        verdict_files(),
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
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=json.dumps({}),
        code=code(expected.VERDICTS_SCRIPT),
    message:
        "Putting the verdicts of all papers into one table"
    shell:
        "python workflow/job.py scripts/gather_verdicts.py --spec {params.spec:q} --input verdicts {input:q}"
        " --output {output:q} --log {log:q} --code {params.code}"
