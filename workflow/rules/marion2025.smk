# marion2025, scaling residual networks: needs nothing but seeds, makes fig1, fig2 and fig7.
# Each figure has two rules: <figure>_parts fills the table, <figure> draws it.


rule marion2025_fig1_parts:
    output:
        part_table("marion2025", "fig1"),
    log:
        part_log("marion2025", "fig1"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        spec=part_spec("marion2025", "fig1"),
        code=code("scripts/marion2025/fig1.py"),
    message:
        "marion2025 fig1: simulating ‖h_L − h_0‖/‖h_0‖, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/marion2025/fig1.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule marion2025_fig1:
    input:
        table=table("marion2025", "fig1"),
        published="workflow/claims/reference/marion2025_fig1.csv",
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("marion2025", "fig1", "pdf"),
        png=report(
            figure_path("marion2025", "fig1", "png"),
            caption="../report/captions/marion2025_fig1.rst",
            category="Scaling of ResNets (Marion et al. 2025)",
            labels={"figure": "fig1: change of the output against depth"},
        ),
    log:
        figure_log("marion2025", "fig1"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("marion2025", "fig1"),
        code=code("scripts/marion2025/draw.py"),
    message:
        "marion2025 fig1: drawing"
    shell:
        "python workflow/job.py scripts/marion2025/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input published {input.published:q} --input style {input.style:q} --output {output:q} --log {log:q}"


rule marion2025_fig2_parts:
    output:
        part_table("marion2025", "fig2"),
    log:
        part_log("marion2025", "fig2"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        spec=part_spec("marion2025", "fig2"),
        code=code("scripts/marion2025/fig2.py"),
    message:
        "marion2025 fig2: simulating both ratios, iid weights, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/marion2025/fig2.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule marion2025_fig2:
    input:
        table=table("marion2025", "fig2"),
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("marion2025", "fig2", "pdf"),
        png=report(
            figure_path("marion2025", "fig2", "png"),
            caption="../report/captions/marion2025_fig2.rst",
            category="Scaling of ResNets (Marion et al. 2025)",
            labels={"figure": "fig2: histograms of both ratios"},
        ),
    log:
        figure_log("marion2025", "fig2"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("marion2025", "fig2"),
        code=code("scripts/marion2025/draw.py"),
    message:
        "marion2025 fig2: drawing"
    shell:
        "python workflow/job.py scripts/marion2025/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input style {input.style:q} --output {output:q} --log {log:q}"


rule marion2025_fig7_parts:
    output:
        part_table("marion2025", "fig7"),
    log:
        part_log("marion2025", "fig7"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        spec=part_spec("marion2025", "fig7"),
        code=code("scripts/marion2025/fig7.py"),
    message:
        "marion2025 fig7: simulating both ratios over β, fractional weights, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/marion2025/fig7.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule marion2025_fig7:
    input:
        table=table("marion2025", "fig7"),
        published="workflow/claims/reference/marion2025_fig7a_output.csv",
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("marion2025", "fig7", "pdf"),
        png=report(
            figure_path("marion2025", "fig7", "png"),
            caption="../report/captions/marion2025_fig7.rst",
            category="Scaling of ResNets (Marion et al. 2025)",
            labels={"figure": "fig7: heat maps over β and H"},
        ),
    log:
        figure_log("marion2025", "fig7"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("marion2025", "fig7"),
        code=code("scripts/marion2025/draw.py"),
    message:
        "marion2025 fig7: drawing"
    shell:
        "python workflow/job.py scripts/marion2025/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input published {input.published:q} --input style {input.style:q} --output {output:q} --log {log:q}"
