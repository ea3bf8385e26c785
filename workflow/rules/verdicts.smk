# Verdicts: needs those that each figure's presentation writes, makes verdicts.csv and verdicts.html.


rule verdicts_page:
    input:
        verdict_files(),
    output:
        csv=result("verdicts/verdicts.csv"),
        html=report(
            result("verdicts/verdicts.html"),
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
        spec=json.dumps(expected.page_spec(SETTINGS)),
        code=code(expected.PAGE_SCRIPT),
    message:
        "Writing the verdicts of all papers as a table and as a page"
    shell:
        "python workflow/job.py scripts/verdicts_page.py --spec {params.spec:q} --input verdicts {input:q}"
        " --output {output:q} --log {log:q} --code {params.code}"
