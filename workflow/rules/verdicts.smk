# Verdicts: needs the tables and the claims of each paper, makes verdicts.csv and verdicts.html.


rule paper_verdicts:
    message:
        "{wildcards.paper}: testing each published statement"
    input:
        table=lambda wildcards: tables_of(wildcards.paper),
        claims="workflow/claims/{paper}.yaml",
        published=lambda wildcards: published_grids(wildcards.paper),
    output:
        RESULTS + "/verdicts/{paper}.csv",
    log:
        RESULTS + "/logs/verdicts/{paper}.log",
    params:
        spec=lambda wildcards: json.dumps(
            {"paper": wildcards.paper, "settings": config[wildcards.paper]}
        ),
        code=lambda wildcards: code(f"scripts/{wildcards.paper}/verdicts.py"),
    resources:
        mem_mb=1000,
        runtime=10,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "{JOB} scripts/{wildcards.paper}/verdicts.py --spec {params.spec:q}"
        " --input table {input.table:q} --input claims {input.claims:q}"
        " --input published {input.published:q} --output {output:q} --log {log:q}"


rule verdicts_page:
    message:
        "Writing the verdicts of all papers as a table and as a page"
    input:
        expand(RESULTS + "/verdicts/{paper}.csv", paper=SETTINGS.figures()),
    output:
        csv=RESULTS + "/verdicts/verdicts.csv",
        html=report(
            RESULTS + "/verdicts/verdicts.html",
            caption="../report/captions/verdicts.rst",
            category="Verdicts",
            labels={"figure": "all", "shows": "A verdict on each published statement"},
        ),
    log:
        RESULTS + "/logs/verdicts/verdicts.log",
    params:
        spec=json.dumps({"preset": SETTINGS.preset}),
        code=code("scripts/verdicts_page.py"),
    resources:
        mem_mb=1000,
        runtime=5,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "{JOB} scripts/verdicts_page.py --spec {params.spec:q} --input verdicts {input:q}"
        " --output {output:q} --log {log:q}"
