# Figures: needs the configuration's section of each figure, makes two rules for it:
# <paper>_<figure>_parts fills the parts of its table, <paper>_<figure> draws it. What differs
# between figures (memory, run time, which tables and published values they read) is in their
# settings.py.


for paper, figure, section in every_figure():
    if section.parts():

        rule:
            name:
                f"{paper}_{figure}_parts"
            input:
                data=part_data(paper, figure),
            output:
                result(f"tables/{paper}/{figure}/{{part}}.parquet"),
            log:
                result(f"logs/tables/{paper}/{figure}/{{part}}.log"),
            wildcard_constraints:
                part="|".join(map(re.escape, section.parts())),
            # Theory takes less time than a look into the cache.
            cache: section.random and workflow.enable_cache
            priority: section.priority
            conda:
                "../../envs/jobs.yaml"
            resources:
                mem_mb=doubling_per_attempt(part_memory(COSTS, SETTINGS, paper, figure)),
                runtime=part_minutes(COSTS, SETTINGS, paper, figure),
                gpu=part_gpus(section),
            params:
                **job_params(f"tables/{paper}/{figure}/{{part}}.parquet"),
            shell:
                PART_COMMAND

    drawn = JOBS[result(f"figures/{paper}/{figure}.pdf")].outputs

    rule:
        name:
            f"{paper}_{figure}"
        input:
            **inputs_of(f"figures/{paper}/{figure}.pdf"),
        output:
            *drawn[:-2],
            pdf=drawn[-2],
            png=report(
                drawn[-1],
                caption=f"../papers/{paper}/{figure}/caption.rst",
                category=title_of(paper),
                labels={"figure": f"{figure}: {section.label}"},
            ),
        log:
            result(f"logs/figures/{paper}/{figure}.log"),
        retries: 0
        localrule: True
        conda:
            "../../envs/jobs.yaml"
        resources:
            mem_mb=1000,
            runtime=5,
        params:
            **job_params(f"figures/{paper}/{figure}.pdf"),
        shell:
            JOB_COMMAND
