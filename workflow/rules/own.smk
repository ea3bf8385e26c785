# Networks of the user's own: needs the configuration's section `own`, makes a rule own_<name> for each
# entry, which probes it (workflow/PROBE.md). Its files are no inputs: the code hash covers them.


for name in SETTINGS.own:

    rule:
        name:
            f"own_{name}"
        output:
            JOBS[result(f"own/{name}.html")].outputs,
        log:
            result(f"logs/own/{name}.log"),
        conda:
            "../../envs/jobs.yaml"
        resources:
            mem_mb=doubling_per_attempt(4000),
            runtime=doubling_per_attempt(60, most=LONGEST),
        params:
            **job_params(f"own/{name}.html"),
        shell:
            JOB_COMMAND
