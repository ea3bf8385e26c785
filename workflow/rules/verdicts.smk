# Verdicts: needs the tables and the claims of each paper, makes verdicts.csv and verdicts.html.


rule paper_verdicts:
    input:
        table=lambda wildcards: tables_of(wildcards.paper),
        claims="workflow/claims/{paper}.yaml",
        published=lambda wildcards: published_grids(wildcards.paper),
    output:
        result("verdicts/{paper}.csv"),
    log:
        result("logs/verdicts/{paper}.log"),
    retries: 0
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=lambda wildcards: json.dumps(expected.verdicts_spec(SETTINGS, wildcards.paper)),
        code=lambda wildcards: code(expected.verdicts_script(wildcards.paper))(wildcards),
    message:
        "{wildcards.paper}: testing each published statement"
    shell:
        "python workflow/job.py scripts/{wildcards.paper}/verdicts.py --spec {params.spec:q}"
        " --input table {input.table:q} --input claims {input.claims:q}"
        " --input published {input.published:q} --output {output:q} --log {log:q} --code {params.code}"


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
