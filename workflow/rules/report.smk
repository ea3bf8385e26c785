# Report: needs all figures and verdicts, makes Snakemake's own report of them; `make report` asks for it.


# Snakemake reads what it recorded of the finished jobs; this run holds the lock meanwhile.
rule report:
    input:
        figures=files_below("figures", 4),
        verdicts=rules.gather_verdicts.output,
        settings=rules.settings.output,
        captions=inputs_of("index.html")["captions"],
        texts=sorted(map(str, Path("workflow/report").rglob("*.rst"))),
        style="workflow/report/snakemake.css",
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
        " --report-stylesheet {input.style:q}"
        " -- figures verdicts > {log:q} 2>&1"
        " || {{ echo 'deepinit: the report could not be made, see {log}' >&2; exit 1; }}"
