# Figures: needs the configuration's section of each figure, makes two rules for it:
# <paper>_<figure>_parts fills the parts of its table, <paper>_<figure> draws it. What differs
# between figures (memory, run time, which tables and published values they read) their
# sections in workflow/study/config.py say.


for paper, figure, section in every_figure():
    if section.parts():

        rule:
            name:
                f"{paper}_{figure}_parts"
            input:
                data=part_data(paper, figure),
            output:
                part_table(paper, figure),
            log:
                part_log(paper, figure),
            wildcard_constraints:
                part="|".join(section.parts()),
            # Theory takes less time than a look into the cache.
            cache: section.random and workflow.enable_cache
            priority: section.priority
            conda:
                "../../envs/compute.yaml"
            resources:
                mem_mb=growing(part_memory(COSTS, SETTINGS, paper, figure)),
                runtime=part_minutes(COSTS, SETTINGS, paper, figure),
                gpu=part_gpus(section),
            params:
                spec=part_spec(paper, figure),
                code=code(expected.part_script(paper, figure)),
                script=expected.part_script(paper, figure),
                inputs=named_inputs,
            message:
                f"{paper} {figure}: computing {{wildcards.part}}"
            shell:
                PART_COMMAND

    rule:
        name:
            f"{paper}_{figure}"
        input:
            **expected.drawing_inputs(SETTINGS, paper, figure),
        output:
            *verdict_file(paper, figure),
            pdf=figure_path(paper, figure, "pdf"),
            png=report(
                figure_path(paper, figure, "png"),
                caption=caption(paper, figure),
                category=title_of(paper),
                labels={"figure": f"{figure}: {section.label}"},
            ),
        log:
            figure_log(paper, figure),
        retries: 0
        localrule: True
        conda:
            "../../envs/analysis.yaml"
        resources:
            mem_mb=1000,
            runtime=5,
        params:
            spec=figure_spec(paper, figure),
            code=code(expected.drawing_script(paper, figure)),
            script=expected.drawing_script(paper, figure),
            inputs=named_inputs,
        message:
            f"{paper} {figure}: drawing and judging"
        shell:
            JOB_COMMAND
