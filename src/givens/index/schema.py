"""The index's tables, and what stands in them. This file is the contract with whoever compiles SQL against it.

**Numbers.** A run has an integer ``run.run`` of its own in this index (never shown, never kept elsewhere); ``run.id``
is the id that people know. Tables refer to the integer. Config keys and result names are interned per project in
``key``; ``param``, ``summary``, ``change`` and ``metric`` refer to ``key.key``. To ask over several projects, first
look the path up: ``SELECT key FROM key WHERE space = ? AND path = ?`` gives one key for each project that has it.

**Paths.** ``key.path`` is ``escape(format_path(path))``, whole. A section is no key: ``model`` exists where a key below
it does, which is one whose path starts with ``model.`` or ``model{``; an empty section is one row of its own (kind
SECTION). What stands *inside* a list or tuple has keys too: ``layers[0]``, ``layers[1].dim``. Their ``key.list`` is the
key of the list, and ``key.direct`` is 1 for an element of the list itself, 0 for what lies deeper. So
``64 in config.layers`` is a param with ``num = 64`` under a key whose ``list`` is that of ``layers``, ``direct = 1``.
Only the first ``MAX_ELEMENTS`` scalars in a list are there; its own row bears ``PARTIAL`` where more, or other values
than scalars, stand in the document only. Views that list the keys of a project leave out ``list IS NOT NULL``.

**Values.** ``kind`` (``KINDS``) says what a value is; ``num`` is set exactly for numbers (INT, FLOAT, INFINITE),
numpy's included, so that a comparison with ``num`` never meets a bool, a string or a NaN. Each row stands in exactly
one of two indices: ``(key, num, run) WHERE num IS NOT NULL`` and ``(key, kind, txt, run) WHERE num IS NULL``: repeat
that condition in the query, or SQLite does not use them. ``values.indexed`` gives the columns of any encoded value.

=========  ==========  ===========================================================================================
kind       num         txt
=========  ==========  ===========================================================================================
NULL
FALSE
TRUE
INT        the value   from 2^53 on, either way: ``int_text``; ``num`` is then the nearest float (at most the largest)
FLOAT      the value   from 2^53 on, either way: ``int_text`` of the integer it is
INFINITE   the value
NAN
STR                    ``index_text`` of it: escaped in keeping order and substrings, cut (see below)
LIST                   ``index_text`` of its canonical text
TUPLE                  ``index_text`` of the canonical text of the list of its items
SECTION
SECRET                 ``index_text`` of its canonical text (a text with a part redacted, too)
BLOB                   the blob's SHA-256; the value is larger than 64 KiB
OTHER                  ``index_text`` of its canonical text (dates, paths, enums, sets, arrays, objects …)
=========  ==========  ===========================================================================================

Comparing with a number ``x`` where ``abs(x) < 2**53``: ``num <op> x``. With one from there on, where ``f = nearest(x)``
and ``t = int_text(int(x))``: ``num > f OR (num = f AND txt > t)``, and so on: floats and ints compare exactly, as in
Python.

``index_text`` keeps the order of code points and never misleads a search for a part (``instr(txt, escape(needle))``):
NUL, the controls up to U+0003 and lone surrogates are written as sequences that stand for nothing else. A text of more
than ``MAX_TEXT`` escaped characters is its first ``MAX_TEXT``, U+0003 and a hash of the whole: equality stays exact
(compare with ``index_text(needle)``), a search inside it is not: where ``length(txt) > MAX_TEXT``, look into the
document.

**Origin.** ``param.origin`` is ``origin.origin``; the kind is ``origin.kind`` (``argparse``, ``file``, …). An element
has its list's. 0 is ``unknown``.

**Changed.** A change of mind, as the live run's guard sees it: after its config had settled, the key got another value
(2 and 2.0 are one; from None is none), was deleted, or was altered inside. ``changed(key)`` is
``EXISTS (SELECT 1 FROM change WHERE change.run = ? AND key = ? AND action <> 'refused')``, which also knows keys that
are gone by now; a row of ``param`` that is still there bears ``CHANGED``. A list changes as a whole: ask for its key.

**State.** ``run.finish`` is ``finished`` or ``failed``; NULL for a run that has not ended. Whether one of those is
``running`` or ``lost`` depends on the moment: ``Index.mark_states()`` fills the temporary table ``now(run, state)`` for
all of them. Then ``coalesce(run.finish, (SELECT state FROM now WHERE now.run = run.run))`` is the state.

**Times.** ``created`` and ``last_at`` are the journal's text in UTC (``2026-03-01T10:00:00.123456Z``; sorts);
``created_s`` and ``last_s`` the same in seconds since the epoch. ``duration_s`` is set when the run has ended; a
running one's is now minus ``since_s``, a lost one's ``last_s`` minus ``since_s``: ``created_s``, but of a resumed run as
much later as it lay still between its sessions. ``created`` is NULL where the journal's first line is lost.

**Sessions.** A resumed run's sessions are folded one after the other, in their order, as one writer's events; process,
host, command and code are those of the newest. ``job`` is the Slurm job that it runs in.

**Results.** ``summary`` has a row for each name that was logged or put into the summary, under a key with
``space = 'summary'``: the last value as kind, num, txt (with indices like those of ``param``); ``low`` and ``high`` with
their steps: the least and greatest finite number logged, NULL where there was none; ``points``: how often it was
logged. A dict in the summary has rows for its leaves, with the path of each, and no extremes. ``key.goal`` is ``min`` or
``max`` where a run of the project said so.

**Dirty.** ``git.dirty`` is ``(SELECT dirty FROM env WHERE env.env = run.env)``: 0, 1 or NULL.

**Tags** are rows of ``tag``, for asking; ``run.tags`` is their JSON list in order, for showing. Texts of ``run`` are
stored as ``escape`` makes them, uncut (only NUL, U+0001 to U+0003, U+D7FF and lone surrogates look different);
``unescape`` gives them back.

**Packs.** ``source.file`` names a journal wherever it lies; ``packed`` says in which packs. Moving one from a loose
file into a pack changes ``source.loose`` and nothing else.

**Edits** (``edits/``) are laid over a run when it is folded, so that all tables show what was changed afterwards; the
origin of an edited leaf is of the kind ``edit``. ``edit_run`` and ``edit_undo`` hold what the files say, ``scrub`` what
was taken out of a writer's events, as a scrub's member ``p`` says it. A run in
``removed`` is in no other table, whatever files of it are there; one in ``refold`` waits to be folded again, and a
refresh that was interrupted goes on with it.

A growing journal is folded from where it was left. While only results come, they are carried on from ``source.carried``
and the configuration's rows stay; when a line touches the configuration, it is put together again from the file.
"""

from __future__ import annotations

#: a change of any kind in this room's tables or meanings gets a new number; other numbers are folded anew
VERSION = 8

NULL, FALSE, TRUE, INT, FLOAT, INFINITE, NAN, STR, LIST, TUPLE, SECTION, SECRET, BLOB, OTHER = range(14)

#: kind -> what views call it
KINDS: dict[int, str] = {
    NULL: "null",
    FALSE: "false",
    TRUE: "true",
    INT: "int",
    FLOAT: "float",
    INFINITE: "infinite",
    NAN: "nan",
    STR: "str",
    LIST: "list",
    TUPLE: "tuple",
    SECTION: "empty section",
    SECRET: "secret",
    BLOB: "large value",
    OTHER: "other",
}

CONFIG, SUMMARY = "config", "summary"  #: the values of ``key.space``

CHANGED, PARTIAL = 1, 2  #: bits of ``param.marks``

MAX_TEXT = 200  #: escaped characters of a text that are indexed as they are
MAX_ELEMENTS = 32  #: scalars inside one list that are indexed
CHUNK_POINTS = 512  #: points of a metric in one row

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE run (
    run INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT, project TEXT, run_group TEXT, job_type TEXT, tags TEXT, notes TEXT,
    created TEXT, created_s REAL, since_s REAL, last_at TEXT, last_s REAL, duration_s REAL,
    finish TEXT, exit_code INTEGER, error TEXT,
    user_name TEXT, host TEXT, boot_id TEXT, pid INTEGER, pid_namespace TEXT, started INTEGER,
    command TEXT, script TEXT, cwd TEXT, python TEXT,
    git_commit TEXT, git_branch TEXT, env INTEGER, job TEXT,
    fingerprint TEXT, replica TEXT, settled INTEGER NOT NULL,
    keys INTEGER NOT NULL, results INTEGER NOT NULL, changes INTEGER NOT NULL, refused INTEGER NOT NULL,
    events INTEGER NOT NULL, bad INTEGER NOT NULL, children INTEGER NOT NULL, format INTEGER
);
CREATE INDEX run_unfinished ON run (run) WHERE finish IS NULL;

CREATE TABLE document (run INTEGER PRIMARY KEY, config TEXT NOT NULL);

CREATE TABLE tag (run INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) WITHOUT ROWID;
CREATE INDEX tag_tag ON tag (tag, run);

CREATE TABLE env (env INTEGER PRIMARY KEY, writer TEXT NOT NULL UNIQUE, dirty INTEGER, until_s REAL NOT NULL);

CREATE INDEX env_waiting ON env (until_s) WHERE dirty IS NULL;

CREATE TABLE origin (origin INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE);

CREATE TABLE key (
    key INTEGER PRIMARY KEY,
    project TEXT NOT NULL,      -- '' for runs without one, whose run.project is NULL
    space TEXT NOT NULL,        -- 'config' or 'summary'
    path TEXT NOT NULL,
    list INTEGER,               -- for what stands inside a list: the list's key
    direct INTEGER NOT NULL,    -- 1 for an element of the list itself
    description TEXT,           -- the help text that the run folded last gave
    goal TEXT,                  -- 'min', 'max' or NULL
    UNIQUE (space, path, project)
);
CREATE INDEX key_list ON key (list) WHERE list IS NOT NULL;

CREATE TABLE key_stat (
    key INTEGER NOT NULL, kind INTEGER NOT NULL, runs INTEGER NOT NULL,
    PRIMARY KEY (key, kind)
) WITHOUT ROWID;

CREATE TABLE param (
    run INTEGER NOT NULL, key INTEGER NOT NULL,
    kind INTEGER NOT NULL, num REAL, txt TEXT,
    origin INTEGER NOT NULL, marks INTEGER NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;

CREATE TABLE summary (
    run INTEGER NOT NULL, key INTEGER NOT NULL,
    kind INTEGER NOT NULL, num REAL, txt TEXT, step REAL,
    low REAL, low_step REAL, high REAL, high_step REAL, points INTEGER NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;

CREATE TABLE change (
    run INTEGER NOT NULL, seq INTEGER NOT NULL, key INTEGER NOT NULL,
    action TEXT NOT NULL,       -- set, delete, splice: after the config settled; refused: at any time
    at TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE INDEX change_key ON change (key, run, action);

CREATE TABLE metric (
    run INTEGER NOT NULL, key INTEGER NOT NULL, chunk INTEGER NOT NULL,
    points TEXT NOT NULL,       -- JSON: [[step, …], [seconds since start, …], [encoded value, …]]
    PRIMARY KEY (run, key, chunk)
) WITHOUT ROWID;

CREATE TABLE source (
    source INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,  -- below the store: runs/<id>.jsonl
    run INTEGER NOT NULL,
    main INTEGER NOT NULL,      -- 1: the run's first writer, or a later session; 0: a forked child
    size INTEGER NOT NULL,      -- bytes folded: the end of the last whole line
    head TEXT NOT NULL,         -- hash of the first line
    events INTEGER NOT NULL, bad INTEGER NOT NULL, last_at TEXT, format INTEGER,
    done INTEGER NOT NULL,      -- 1: it has its finish line, and is not looked at again
    carried TEXT,               -- JSON of what a growing file's results are carried on from
    loose INTEGER NOT NULL      -- 1: it has a file of its own; 0: it lies in packs only
);
CREATE INDEX source_run ON source (run);
CREATE INDEX source_growing ON source (source) WHERE done = 0 AND loose = 1;
CREATE INDEX source_loose ON source (file) WHERE loose = 1;

CREATE TABLE pack (
    pack INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,  -- below packs/
    size INTEGER NOT NULL, changed INTEGER NOT NULL
);

CREATE TABLE packed (
    file TEXT NOT NULL,         -- as in source; also env/<writer>.jsonl
    pack INTEGER NOT NULL,
    offset INTEGER NOT NULL, packed_bytes INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
    PRIMARY KEY (file, pack)
) WITHOUT ROWID;
CREATE INDEX packed_pack ON packed (pack);

CREATE TABLE segment (          -- of the column file; see columns.py
    segment INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, ready INTEGER NOT NULL
);
CREATE TABLE touched (run INTEGER PRIMARY KEY, segment INTEGER NOT NULL);
CREATE TRIGGER run_inserted AFTER INSERT ON run WHEN EXISTS (SELECT 1 FROM segment WHERE last >= new.run)
    BEGIN INSERT OR REPLACE INTO touched VALUES (new.run, (SELECT max(segment) FROM segment)); END;
CREATE TRIGGER run_updated AFTER UPDATE ON run WHEN EXISTS (SELECT 1 FROM segment WHERE last >= new.run)
    BEGIN INSERT OR REPLACE INTO touched VALUES (new.run, (SELECT max(segment) FROM segment)); END;
CREATE TRIGGER run_deleted AFTER DELETE ON run WHEN EXISTS (SELECT 1 FROM segment WHERE last >= old.run)
    BEGIN INSERT OR REPLACE INTO touched VALUES (old.run, (SELECT max(segment) FROM segment)); END;

CREATE TABLE edit_file (
    writer TEXT PRIMARY KEY,    -- of edits/<writer>.jsonl
    size INTEGER NOT NULL, bad INTEGER NOT NULL, done INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE edit_run (
    id TEXT NOT NULL,           -- of a run, whether or not it is in the index
    writer TEXT NOT NULL, n INTEGER NOT NULL, at TEXT NOT NULL, user_name TEXT,
    steps TEXT NOT NULL,        -- JSON: what this event does to this run
    PRIMARY KEY (id, writer, n)
) WITHOUT ROWID;
CREATE INDEX edit_run_event ON edit_run (writer, n);

CREATE TABLE scrub (writer TEXT PRIMARY KEY, patches TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE edit_undo (
    writer TEXT NOT NULL, n INTEGER NOT NULL, of_writer TEXT NOT NULL, of_n INTEGER NOT NULL,
    PRIMARY KEY (writer, n)
) WITHOUT ROWID;

CREATE TABLE removed (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE refold (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

#: the large ones, left out while very many runs are folded at once: name -> definition
INDICES: dict[str, str] = {
    "run_created": "ON run (created_s)",
    "run_project": "ON run (project, created_s)",
    "run_name": "ON run (name)",
    "run_fingerprint": "ON run (fingerprint)",
    "run_replica": "ON run (replica)",
    "param_num": "ON param (key, num, run) WHERE num IS NOT NULL",
    "param_txt": "ON param (key, kind, txt, run, num) WHERE num IS NULL",
    "summary_num": "ON summary (key, num, run) WHERE num IS NOT NULL",
    "summary_txt": "ON summary (key, kind, txt, run, num) WHERE num IS NULL",
    "summary_low": "ON summary (key, low, run) WHERE low IS NOT NULL",
    "summary_high": "ON summary (key, high, run) WHERE high IS NOT NULL",
}
