# Report: needs all figures and verdicts, makes Snakemake's own report of them, one HTML file.


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


# Snakemake reads what it recorded of the finished jobs; this run holds the lock meanwhile.
rule report:
    input:
        figures=figure_files(),
        verdicts=rules.verdicts_page.output,
        settings=rules.settings.output,
        captions=sorted(
            str(path)
            for top in ("report", "papers")
            for path in Path("workflow", top).rglob("*.rst")
        ),
    output:
        result("report.html"),
    log:
        result("logs/report.log"),
    retries: 0
    conda:
        "../../envs/workflow.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "Putting figures, verdicts and captions into one HTML report"
    shell:
        "python -m snakemake --report {output:q} --nolock --configfile {input.settings:q}"
        " -- figures verdicts > {log:q} 2>&1"
        " || {{ echo 'deepinit: the report could not be made, see {log}' >&2; exit 1; }}"
