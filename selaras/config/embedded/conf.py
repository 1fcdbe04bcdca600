"""The configuration files of the embedded database: fitted to the machine, silent about people."""

import os
import shutil
from pathlib import Path

PORT = 5432  # only the socket's file name: nothing listens on TCP
_MEGA = 2**20

_HBA = """\
# Written by Selaras at every start. Every connection proves a password; nothing is trusted; nothing listens on TCP.
local  all  all  scram-sha-256
"""

_CONF = """\
# Written by Selaras at every start: put your own settings into local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 120

# Nothing is given up for speed that a power cut would take back.
fsync = on
full_page_writes = on
synchronous_commit = on

shared_buffers = {shared}MB
effective_cache_size = {cache}MB
work_mem = {work}MB
maintenance_work_mem = {upkeep}MB
max_wal_size = {wal}MB
min_wal_size = {wal_kept}MB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
max_worker_processes = {workers}
max_parallel_workers = {cores}

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'

# The log may leave the machine in a support request, so it never holds a statement, a parameter or a value.
# Errors are not logged at all ('log' leaves out ERROR and WARNING): their text quotes input, and the application
# receives them anyway. 'terse' drops DETAIL, which quotes keys ("Key (nik)=(...) already exists").
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_min_duration_sample = -1
log_transaction_sample_rate = 0
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_temp_files = -1
log_lock_waits = off
log_recovery_conflict_waits = off
log_autovacuum_min_duration = -1
log_checkpoints = on

include_if_exists 'local.conf'
"""


def write(data: Path, sockets: Path, owner: tuple[int, int]) -> None:
    """Write postgresql.conf and pg_hba.conf into `data`, owned by `owner` (uid, gid)."""
    memory = _memory() // _MEGA
    free = shutil.disk_usage(data).free // _MEGA
    cores = os.cpu_count() or 2
    wal = max(128, min(4096, free // 10))
    text = _CONF.format(
        port=PORT,
        sockets=str(sockets).replace("'", "''"),
        # A sixth, not the usual quarter: the application, the linkage engine and the browser share this machine.
        shared=max(32, min(4096, memory // 6)),
        cache=max(64, memory // 2),
        work=max(4, min(32, memory // 512)),
        upkeep=max(32, min(1024, memory // 16)),
        wal=wal,
        wal_kept=max(64, wal // 8),
        workers=max(8, cores),
        cores=cores,
    )
    for name, content in (("postgresql.conf", text), ("pg_hba.conf", _HBA)):
        fresh = data / f"{name}.new"
        fresh.write_text(content)
        fresh.chmod(0o600)
        if fresh.stat().st_uid != owner[0]:
            os.chown(fresh, *owner)
        fresh.replace(data / name)


def _memory() -> int:
    """Return the memory in bytes that this process may use: the machine's, or less inside a container."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        try:
            total = min(total, int(limit.read_text()))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return total
