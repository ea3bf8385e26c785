"""A real Slurm on this machine: a controller, three nodes, two partitions, two GPU slots.

Partition `cpu` has the nodes n1 and n2, partition `gpu` the node g1. All daemons run as the calling
user, in the foreground of processes that end with their parent, in a folder of their own and on
ports that were free. No systemd, no cgroups, no accounting.
"""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil

NODES = ("n1", "n2", "g1")
#: CPUs and memory, MB, that each node claims to have, whatever the machine has.
NODE_CPUS = 4
NODE_MB = 8000
#: Stand-ins for the device files of GPUs: Slurm only tells jobs which of them is theirs.
_GPU_FILES = ("/dev/null", "/dev/zero")
#: Every process of the cluster, jobs included, carries this variable; its value is the folder.
_MARK = "DEEPINIT_TEST_CLUSTER"
_PROGRAMS = [
    "munged",
    "slurmctld",
    "slurmd",
    "sbatch",
    "srun",
    "scancel",
    "sinfo",
    "squeue",
    "scontrol",
    "setpriv",
]

_SLURM_CONF = """
ClusterName=deepinit
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
# A job that takes more memory than it asked for is killed.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=5
InactiveLimit=0
KillWait=2
MinJobAge=3600
GresTypes=gpu
DefMemPerNode=200
NodeName=DEFAULT CPUs={cpus} RealMemory={memory}
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[0]}
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]}
NodeName=g1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} Gres=gpu:2
PartitionName=cpu Nodes=n1,n2 Default=YES MaxTime=7-0
PartitionName=gpu Nodes=g1 MaxTime=7-0
"""

# The plugin's job step drops SLURM_CONF, without which srun looks in /etc/slurm.
_SRUN = """#!/bin/sh
SLURM_CONF={folder}/slurm.conf exec {srun} "$@"
"""


def missing_programs() -> list[str]:
    """Return the programs that a cluster needs and this machine has not."""
    return [name for name in _PROGRAMS if shutil.which(name, path=_path()) is None]


def _path() -> str:
    """Return the search path with the folders of daemons, which plain users often lack."""
    return os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class SlurmCluster:
    """The cluster; `start` it, submit with the variables of `environment`, `stop` it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._daemons: dict[str, subprocess.Popen] = {}
        self._first_job = 1

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables with which Slurm's commands find this cluster."""
        path = os.pathsep.join([str(self.folder / "bin"), _path()])
        conf = str(self.folder / "slurm.conf")
        # What an enclosing Slurm job may have set would steer ours.
        outer = {key: value for key, value in os.environ.items() if not key.startswith("SLURM_")}
        return {**outer, "SLURM_CONF": conf, "PATH": path, _MARK: str(self.folder)}

    def start(self) -> None:
        """Start all daemons and wait until every node is idle.

        Raises:
            RuntimeError: it does not come up; the message has the ends of the daemons' logs.
        """
        for name in ("munge", "state", "bin", "log", *(f"spool/{node}" for node in NODES)):
            (self.folder / name).mkdir(parents=True)
        self._configure()
        munge = self.folder / "munge"
        self._start(
            "munged",
            "--foreground",
            "--force",
            f"--socket={munge}/socket",
            f"--key-file={munge}/key",
            f"--pid-file={munge}/pid",
            f"--seed-file={munge}/seed",
        )
        self._wait(lambda: (munge / "socket").exists())
        self._start("slurmctld", "-D", "-i", "-c")
        for node in NODES:
            self._start("slurmd", "-D", "-N", node, name=node)
        self._wait(self._all_idle)

    def stop(self) -> None:
        """End all daemons and jobs, and whatever else they left behind."""
        left = self.processes()
        for daemon in reversed(self._daemons.values()):
            daemon.terminate()
        for daemon in self._daemons.values():
            try:
                daemon.wait(timeout=5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        for process in {*left, *self.processes()}:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=5)

    def processes(self) -> list[psutil.Process]:
        """Return all living processes of the cluster, jobs included, but this one."""
        marked = [process for process in psutil.process_iter() if self._is_ours(process)]
        return _with_shepherds(marked)

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            alive = process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid()
            return alive and process.environ().get(_MARK) == str(self.folder)
        return False

    def clear(self) -> None:
        """Cancel and forget all jobs, and let all nodes take new ones."""
        self.run("scancel", "--state=PENDING")
        self.run("scancel", "--state=RUNNING")
        for node in NODES:
            # Refused where there is nothing to resume.
            with contextlib.suppress(subprocess.CalledProcessError):
                self.run("scontrol", "update", f"nodename={node}", "state=resume")
        self._wait(lambda: not self.queue() and self._all_idle())
        ids = [int(job["id"]) for job in self.queue("all")]
        self._first_job = max(ids, default=self._first_job - 1) + 1

    def _all_idle(self) -> bool:
        return [self.node_state(node) for node in NODES] == ["idle"] * len(NODES)

    def run(self, *command: str) -> str:
        """Run one of Slurm's commands and return what it printed."""
        return subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=30
        ).stdout

    def node_state(self, node: str) -> str:
        """Return a node's state in Slurm's short form; empty while the controller is silent."""
        try:
            return self.run("sinfo", "-h", "-n", node, "-N", "-o", "%t").split()[0]
        except (subprocess.SubprocessError, IndexError):
            return ""

    def queue(self, states: str = "PENDING,RUNNING,COMPLETING") -> list[dict[str, str]]:
        """Return the jobs in these states, those from before `clear` left out, oldest first.

        Each has an id, state, node, memory, partition and comment.
        """
        keys = {"id": "JobID", "state": "State", "node": "NodeList", "memory": "MinMemory"}
        keys |= {"partition": "Partition", "comment": "Comment"}
        form = ",".join(f"{name}:300" for name in keys.values())
        lines = self.run("squeue", "-h", f"--states={states}", "-O", form).splitlines()
        columns = [range(300 * i, 300 * i + 300) for i in range(len(keys))]
        jobs = [
            {
                key: line[column.start : column.stop].strip()
                for key, column in zip(keys, columns, strict=True)
            }
            for line in lines
        ]
        new = [job for job in jobs if int(job["id"]) >= self._first_job]
        return sorted(new, key=lambda job: int(job["id"]))

    def _configure(self) -> None:
        key = self.folder / "munge" / "key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(128))
        controller, *nodes = _free_ports(1 + len(NODES))
        names = {"host": socket.gethostname().split(".")[0], "user": getpass.getuser()}
        sizes = {"cpus": NODE_CPUS, "memory": NODE_MB}
        conf = _SLURM_CONF.format(
            folder=self.folder, controller_port=controller, ports=nodes, **names, **sizes
        )
        (self.folder / "slurm.conf").write_text(conf)
        gpus = "".join(f"NodeName=g1 Name=gpu File={file}\n" for file in _GPU_FILES)
        (self.folder / "gres.conf").write_text(f"AutoDetect=off\n{gpus}")
        srun = self.folder / "bin" / "srun"
        srun.write_text(_SRUN.format(folder=self.folder, srun=shutil.which("srun", path=_path())))
        srun.chmod(0o755)

    def _start(self, program: str, *arguments: str, name: str = "") -> None:
        # Should the tests themselves be killed, the kernel ends the daemon too.
        ends_with_parent = ["setpriv", "--pdeathsig", "KILL", "--"]
        log = self.folder / "log" / (name or program)
        with log.open("ab") as stream:
            self._daemons[name or program] = subprocess.Popen(
                [*ends_with_parent, program, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def _wait(self, ready, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            ended = [name for name, daemon in self._daemons.items() if daemon.poll() is not None]
            if ended or time.monotonic() > end:
                logs = sorted((self.folder / "log").iterdir())
                tails = [f"{log.name}: {log.read_text()[-600:]}" for log in logs]
                state = f"{', '.join(ended)} ended" if ended else "the nodes are not idle"
                self.stop()
                raise RuntimeError("\n".join([f"Slurm does not start: {state}", *tails]))
            time.sleep(0.05)


def _with_shepherds(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return `processes`, and Slurm's shepherds of those that are a job's: they hide theirs."""
    found = dict.fromkeys(processes)
    for process in processes:
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            if parent is not None and parent.name() == "slurmstepd":
                found[parent] = None
    return list(found)
