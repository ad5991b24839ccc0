"""The journal's events: one JSON object a line. This table is the format's reference."""

from __future__ import annotations

import re
from typing import Any

#: what the id of a run looks like; nothing else names a file
RUN_ID = re.compile(r"[a-z0-9_-]{1,64}")
#: version of the journal format; a reader reads every version up to its own, and a newer one as far as it goes
FORMAT = 1

#: kind -> its members beside the common ones: k kind, n number, t UTC time, dt seconds since start, c CRC-32
KINDS: dict[str, str] = {
    "start": "format, run, writer, parent, role, host, boot_id, pid, pid_namespace, started, user, argv, script, "
    "cwd, python, git, project, name, group, job_type, tags, notes, logs: {1: file that standard output goes to}, env, "
    "join, rerun_of, snapshot: {id, root: the folder it was copied from}, cells: {sha256 of the blob, bytes, count: of a "
    "notebook}, launched: true of a command that called no init, jobs: {scheduler: {variable: value}}, turn: which of its "
    "process's runs, from 2 on; of a later session (role session): session: its number, parent: writer before",
    "set": "s: [[path, value, origin number, [[leaf path, origin number]] for leaves inside the value with origins of "
    "their own]], o: [origin], l: 1 when it lays layers over each other (losers first), "
    "d: [[path, description]]",
    "splice": "p: path of the list, at, rm: how many elements go, v: [value], o: origin",
    "delete": "p: [path], o: origin",
    "lock": "p: [path], by: owner (null unlocks), o: origin",
    "refuse": "p: path, v: the refused value (absent for a delete), by: owner of the lock, o: origin",
    "settle": "the config is complete: changes from here on are changes of mind",
    "log": "m: {name: value}, step",
    "summary": "m: {name: value}, x: [names deleted]",
    "metric": "name, goal",
    "meta": "name, tags, notes",
    "lossy": "p: [[path, reason]]: what could not be kept exactly",
    "edit": "e: [[[run], [step]]]: what was changed in runs afterwards (a file in edits/), note",
    "undo": "of: [writer, n]: that edit, or undo, has no effect (a file in edits/), note",
    "scrub": "p: {writer: {n: [[pointer, value]]}}: what stands in place of parts of earlier events, runs: {run: [place]}, "
    "gone: [sha256 of a blob], of: edits where it concerns edits (a file in edits/)",
    "resume": "reserved: a later session begins with a start line of its own",
    "exit": "code, as a wrapped exit saw it",
    "finish": "state, code, error, changes, refused: [[path, count]] beyond the recorded ones; cells: as in start; where reads were noted, "
    "unread: [path], unread_total, asked: [[path that was not there, how]], meant: [[given, asked]]",
    "dirty": "dirty: whether the git tree had uncommitted changes (a surroundings file)",
    "code": "remote, patch: {sha256 of the blob, bytes, complete}, untracked: [file], untracked_total, touched: [tracked "
    "file that was written to after the process began] (a surroundings file)",
    "packages": "packages: {name: version}, packages_digest (a surroundings file)",
    "machine": "machine: {system, processor, cores, cores_usable, memory_bytes, accelerators}, jobs: {scheduler: "
    "{variable: value}}, script_sha256 (a surroundings file)",
}

Event = dict[str, Any]
