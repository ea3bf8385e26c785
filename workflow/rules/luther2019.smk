# luther2019, sample variance decay: needs nothing but seeds, makes theory and finite_width.
# Each figure has two rules: <figure>_parts fills the table, <figure> draws it.


rule luther2019_theory_parts:
    output:
        part_table("luther2019", "theory"),
    log:
        part_log("luther2019", "theory"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        spec=part_spec("luther2019", "theory"),
        code=code("scripts/luther2019/theory.py"),
    message:
        "luther2019 theory: computing m, v and σ by layer at infinite width"
    shell:
        "python workflow/job.py scripts/luther2019/theory.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule luther2019_theory:
    input:
        table=table("luther2019", "theory"),
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("luther2019", "theory", "pdf"),
        png=report(
            figure_path("luther2019", "theory", "png"),
            caption="../report/captions/luther2019_theory.rst",
            category="Variance decay (Luther & Seung 2019)",
            labels={"figure": "theory: m, v, σ by layer, infinite width"},
        ),
    log:
        figure_log("luther2019", "theory"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("luther2019", "theory"),
        code=code("scripts/luther2019/draw.py"),
    message:
        "luther2019 theory: drawing"
    shell:
        "python workflow/job.py scripts/luther2019/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input style {input.style:q} --output {output:q} --log {log:q}"


rule luther2019_finite_width_parts:
    output:
        part_table("luther2019", "finite_width"),
    log:
        part_log("luther2019", "finite_width"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        spec=part_spec("luther2019", "finite_width"),
        code=code("scripts/luther2019/finite_width.py"),
    message:
        "luther2019 finite_width: simulating m and v by layer, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/luther2019/finite_width.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule luther2019_finite_width:
    input:
        table=table("luther2019", "finite_width"),
        theory=table("luther2019", "theory"),
        published="workflow/claims/reference/luther2019_finite_width.csv",
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("luther2019", "finite_width", "pdf"),
        png=report(
            figure_path("luther2019", "finite_width", "png"),
            caption="../report/captions/luther2019_finite_width.rst",
            category="Variance decay (Luther & Seung 2019)",
            labels={"figure": "finite_width: m/v by layer, finite width"},
        ),
    log:
        figure_log("luther2019", "finite_width"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("luther2019", "finite_width"),
        code=code("scripts/luther2019/draw.py"),
    message:
        "luther2019 finite_width: drawing"
    shell:
        "python workflow/job.py scripts/luther2019/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input theory {input.theory:q}"
        " --input published {input.published:q} --input style {input.style:q} --output {output:q} --log {log:q}"
