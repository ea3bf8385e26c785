# Pages: needs all figures and verdicts, makes the configuration in force and the pages that people
# read, index.html first.


rule settings:
    output:
        result("config.yaml"),
    log:
        result("logs/config.log"),
    retries: 0
    conda:
        "../../envs/jobs.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        **job_params("config.yaml"),
    shell:
        JOB_COMMAND


rule pages:
    input:
        **inputs_of("index.html"),
    output:
        expected.page_paths(SETTINGS),
    log:
        result("logs/pages.log"),
    retries: 0
    conda:
        "../../envs/jobs.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        **job_params("index.html"),
    shell:
        JOB_COMMAND
