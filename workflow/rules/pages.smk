# Pages: needs all figures and verdicts, makes the configuration in force and the pages that people
# read, index.html first.


rule settings:
    output:
        result("config.yaml"),
    log:
        result("logs/config.log"),
    retries: 0
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        spec=json.dumps(expected.settings_spec(SETTINGS)),
        code=code(expected.SETTINGS_SCRIPT),
    message:
        "Writing down the configuration in force"
    shell:
        "python workflow/job.py scripts/write_settings.py --spec {params.spec:q} --output {output:q} --log {log:q} --code {params.code}"


rule pages:
    input:
        settings=rules.settings.output,
        verdicts=rules.gather_verdicts.output,
        figures=[path for path in figure_files() if path.endswith(".png")],
        captions=captions(),
        papers=[f"workflow/papers/{paper}/paper.md" for paper in SETTINGS.figures()],
        texts=expected.PAGE_TEXTS,
        templates=sorted(map(str, Path("workflow/report/templates").iterdir())),
    output:
        expected.page_paths(SETTINGS),
    log:
        result("logs/pages.log"),
    retries: 0
    conda:
        "../../envs/pages.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=json.dumps(expected.pages_spec(SETTINGS)),
        code=code(expected.PAGES_SCRIPT),
        inputs=named_inputs,
    message:
        "Writing the pages: index.html, the papers, verdicts, differences and protocol"
    shell:
        "python workflow/job.py scripts/pages.py --spec {params.spec:q} {params.inputs}"
        " --output {output:q} --log {log:q} --code {params.code}"
