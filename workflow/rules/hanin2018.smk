# hanin2018, the two failure modes: needs MNIST for fig1b, makes fig1a and fig1b.
# Each figure has two rules: <figure>_parts fills the table, <figure> draws it.


rule hanin2018_fig1a_parts:
    output:
        part_table("hanin2018", "fig1a"),
    log:
        part_log("hanin2018", "fig1a"),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        spec=part_spec("hanin2018", "fig1a"),
        code=code("scripts/hanin2018/fig1a.py"),
    message:
        "hanin2018 fig1a: simulating squared lengths, all initialisations, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/hanin2018/fig1a.py --spec {params.spec:q}"
        " --output {output:q} --log {log:q}"


rule hanin2018_fig1a:
    input:
        table=table("hanin2018", "fig1a"),
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("hanin2018", "fig1a", "pdf"),
        png=report(
            figure_path("hanin2018", "fig1a", "png"),
            caption="../report/captions/hanin2018_fig1a.rst",
            category="Failure modes (Hanin & Rolnick 2018)",
            labels={"figure": "fig1a: squared length against depth"},
        ),
    log:
        figure_log("hanin2018", "fig1a"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("hanin2018", "fig1a"),
        code=code("scripts/hanin2018/draw.py"),
    message:
        "hanin2018 fig1a: drawing"
    shell:
        "python workflow/job.py scripts/hanin2018/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input style {input.style:q} --output {output:q} --log {log:q}"


rule hanin2018_fig1b_parts:
    input:
        mnist=mnist_checksums(SETTINGS.hanin2018.fig1b.data),
    output:
        part_table("hanin2018", "fig1b"),
    log:
        part_log("hanin2018", "fig1b"),
    priority: 10
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=2000,
        # One thread trains 100 layers on 60,000 images for a day or more.
        runtime=60 if SETTINGS.hanin2018.fig1b.data == "carried" else 2880,
    params:
        spec=part_spec("hanin2018", "fig1b"),
        code=code("scripts/hanin2018/fig1b.py"),
    message:
        "hanin2018 fig1b: training networks of all initialisations on MNIST, {wildcards.part}"
    shell:
        "python workflow/job.py scripts/hanin2018/fig1b.py --spec {params.spec:q}"
        " --input mnist {input.mnist:q} --output {output:q} --log {log:q}"


rule hanin2018_fig1b:
    input:
        table=table("hanin2018", "fig1b"),
        style="workflow/figures/style.mplstyle",
    output:
        pdf=figure_path("hanin2018", "fig1b", "pdf"),
        png=report(
            figure_path("hanin2018", "fig1b", "png"),
            caption="../report/captions/hanin2018_fig1b.rst",
            category="Failure modes (Hanin & Rolnick 2018)",
            labels={"figure": "fig1b: epochs to a given test accuracy"},
        ),
    log:
        figure_log("hanin2018", "fig1b"),
    conda:
        "../../envs/analysis.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        spec=figure_spec("hanin2018", "fig1b"),
        code=code("scripts/hanin2018/draw.py"),
    message:
        "hanin2018 fig1b: drawing"
    shell:
        "python workflow/job.py scripts/hanin2018/draw.py --spec {params.spec:q} --input table {input.table:q}"
        " --input style {input.style:q} --output {output:q} --log {log:q}"
