from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/own.smk"
include: "workflow/rules/verdicts.smk"
include: "workflow/rules/pages.smk"


report: "workflow/report/workflow.rst"


localrules:
    all,
    figures,
    verdicts,
    data_set,
    gather,
    settings,
    gather_verdicts,
    pages,


rule all:
    default_target: True
    input:
        rules.pages.output,
        rules.settings.output,
        rules.gather_verdicts.output,
        files_below("figures", 4),
        files_below("tables", 4),
        files_below("own", 3),


rule figures:
    input:
        files_below("figures", 4),


rule verdicts:
    input:
        rules.gather_verdicts.output,
