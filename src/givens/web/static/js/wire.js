/** What the server is asked, and what its answers are called here. This file and acts.js know routes and JSON; no other does. */

/**
 * @typedef {object} Cell
 * @property {string} shown as Python writes it
 * @property {boolean} best
 * @property {boolean} edited
 * @property {boolean} isNumber
 *
 * @typedef {object} GridColumn
 * @property {string} name as the filter language writes it
 * @property {string} head
 * @property {string} kind
 * @property {string | null} sort what sorts by it; null where nothing does
 * @property {"asc" | "desc" | null} sorted how the rows stand by it
 * @property {boolean} downFirst the greatest first, when its head is clicked
 * @property {boolean} isRight
 * @property {boolean} isName
 * @property {boolean} isState
 * @property {string} title
 *
 * @typedef {object} GridRow
 * @property {string} id
 * @property {string} name
 * @property {string} url
 * @property {(Cell | null)[]} cells
 *
 * @typedef {{kind: string, said: string, lines: string[], loosen: {text: string, count: number | null, query: string}[]}} Empty
 *
 * @typedef {object} RunsPage
 * @property {GridColumn[]} columns
 * @property {GridRow[]} rows
 * @property {number} total
 * @property {number} all
 * @property {string} said the filter in words
 * @property {string[]} notes
 * @property {{count: number, keys: [string, string][]}} constants
 * @property {number} varying keys that vary too and have no column
 * @property {{patterns: string[], keys: number}} ignored
 * @property {string} command
 * @property {string} python
 * @property {Empty | null} empty
 *
 * @typedef {{name: string, said: string, isResult: boolean}} KeyEntry
 * @typedef {{keys: KeyEntry[], total: number}} Keys
 *
 * @typedef {object} PlotColumn
 * @property {string} name
 * @property {string} head
 * @property {boolean} isResult
 * @property {string | null} goal
 * @property {(number | null)[]} numbers
 * @property {(string | null)[]} texts
 * @property {[number, string][]} ticks of a range, chosen by the server
 *
 * @typedef {object} PlotData
 * @property {string[]} ids
 * @property {string[]} names
 * @property {PlotColumn[]} columns
 * @property {string[]} notes
 * @property {number} total
 * @property {string} metric name of the column of the metric; empty where there is none
 * @property {string} command the same elsewhere
 * @property {string} python
 * @property {string} question what was asked
 *
 * @typedef {object} Importance
 * @property {string} metric
 * @property {string[]} heads
 * @property {{key: string, size: number, cells: string[]}[]} rows
 * @property {string[]} notes
 *
 * @typedef {object} Curve
 * @property {string} id
 * @property {string} name
 * @property {string} url
 * @property {string} said
 * @property {number[]} steps
 * @property {(number | null)[]} values
 *
 * @typedef {{metric: string, metrics: string[], curves: Curve[], notes: string[], command: string, python: string}} CurvesAnswer
 *
 * @typedef {{text: string}} Refused
 */

/** @type {import("./logic/url_state.js").Fields} */
export const RUNS_FIELDS = {
  filter: { kind: "text" },
  sort: { kind: "text" },
  cols: { kind: "names" },
  ignored: { kind: "text" },
  tick: { kind: "names" },
};

/** Parameters that say which runs are meant; every view hands them on. */
const SELECTION = ["filter", "project", "sort", "ignore", "ignored"];

/** The server said no, in words. */
export class Refusal extends Error {}

/**
 * An answer of the server.
 * @param {string} url
 * @param {RequestInit} [how]
 * @returns {Promise<any>}
 */
export async function asked(url, how) {
  const answer = await fetch(url, how);
  const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
  const body = isJson ? await answer.json() : await answer.text();
  if (answer.ok) return body;
  const advice = isJson && body.advice ? `\n${body.advice}` : "";
  throw new Refusal(isJson ? `${body.error ?? JSON.stringify(body)}${advice}` : body);
}

/**
 * @param {unknown} failure
 * @returns {Refused}
 */
export function refusal(failure) {
  return { text: failure instanceof Refusal ? failure.message : "The server does not answer. Is givens ui still running?" };
}

/**
 * The query of the address with some parameters changed: what is not this view's own is handed on.
 * @param {Record<string, string | string[] | null>} changes null takes one away
 * @param {string[]} [without]
 */
function queryWith(changes, without = []) {
  const query = new URLSearchParams(location.search);
  for (const name of without) query.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (value !== null && value.length > 0) query.set(name, typeof value === "string" ? value : value.join(","));
  }
  return query;
}

/** The selection of the address, for another view. */
export function selection() {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) if (SELECTION.includes(name)) query.append(name, value);
  return query;
}

/**
 * @typedef {{filter: string, sort: string, cols: string[], ignored: string}} Question
 * @param {Question} question
 * @param {number} offset
 * @param {number} limit
 * @param {AbortSignal} [calledOff]
 */
export async function runsPage(question, offset, limit, calledOff) {
  const query = queryWith({ ...question, offset: String(offset), limit: String(limit) }, ["tick"]);
  return runsFrom(await asked(`/api/rows?${query}`, { signal: calledOff }));
}

/**
 * What came with the document; null where nothing did.
 * @param {HTMLElement} place
 */
export function inlineIn(place) {
  const text = place.querySelector('script[type="application/json"]')?.textContent;
  return text ? JSON.parse(text) : null;
}

/**
 * @param {any} answer
 * @returns {RunsPage}
 */
export function runsFrom(answer) {
  const { hidden } = answer;
  /** @type {GridRow[]} */
  const rows = answer.rows.map(gridRow);
  return {
    columns: answer.columns.map((/** @type {any} */ column, /** @type {number} */ at) => gridColumn(column, at, rows)),
    rows,
    total: answer.total,
    all: answer.all,
    said: answer.asked ? (answer.said ?? answer.asked) : "",
    notes: answer.notes,
    constants: { count: hidden.constant, keys: hidden.constants },
    varying: hidden.varying ?? 0,
    ignored: { patterns: hidden.ignored ?? [], keys: hidden.ignored_keys ?? 0 },
    command: answer.command,
    python: answer.python,
    empty: answer.empty ?? null,
  };
}

/**
 * @param {any} column
 * @param {number} at
 * @param {GridRow[]} rows
 * @returns {GridColumn}
 */
function gridColumn({ name, head, kind, scope, goal, sort, title }, at, rows) {
  const cells = rows.map((row) => row.cells[at]).filter((cell) => cell !== null);
  return {
    name,
    head,
    kind,
    sort: name === "run.tags" ? null : name,
    sorted: sort ?? null,
    downFirst: goal === "max" || kind === "time",
    isRight: kind === "number" || kind === "duration" || (cells.length > 0 && cells.every((cell) => cell.isNumber)),
    isName: name === "run.name",
    isState: name === "run.state",
    title: [title || name, scope === "summary" ? (goal ? `result, best is ${goal}` : "result") : ""].filter((part) => part).join(": "),
  };
}

/** @param {any} row @returns {GridRow} */
function gridRow({ id, name, url, cells }) {
  return { id, name: name || id, url, cells: cells.map(cellFrom) };
}

/** @param {[string, unknown, string, string?] | null} cell @returns {Cell | null} */
function cellFrom(cell) {
  if (cell === null) return null;
  const [shown, , kind, marks = ""] = cell;
  return { shown, best: marks.includes("b"), edited: marks.includes("e"), isNumber: kind === "n" || kind === "d" };
}

/** @param {RunsPage} a @param {RunsPage | null} b */
export function sameColumns(a, b) {
  return b !== null && a.columns.length === b.columns.length && a.columns.every((column, at) => column.name === b.columns[at].name);
}

/** @param {string[]} ids */
export function compareUrl(ids) {
  return `/compare?runs=${ids.map(encodeURIComponent).join(",")}`;
}

/** @param {string[]} ids */
export function curvesUrl(ids) {
  return `/plot?kind=curves&runs=${ids.map(encodeURIComponent).join(",")}`;
}

/** @param {string} filter */
export function runsUrl(filter) {
  const query = selection();
  query.set("filter", filter);
  return `/?${query}`;
}

/**
 * @param {string} text
 * @param {AbortSignal} [calledOff]
 * @returns {Promise<Keys>}
 */
export async function findKeys(text, calledOff) {
  const query = selection();
  query.set("text", text);
  query.set("limit", "200");
  const answer = await asked(`/api/keys?${query}`, { signal: calledOff });
  return { total: answer.total, keys: answer.keys.map(keyEntry) };
}

/** @param {any} key @returns {KeyEntry} */
function keyEntry({ name, scope, varies, shown, title }) {
  const parts = [scope === "config" ? (varies === false ? "constant" : "") : scope === "summary" ? "result" : scope, shown, title];
  return { name, said: parts.filter((part) => part).join(" · "), isResult: scope === "summary" };
}

/**
 * @param {{filter: string, metric: string, cols: string[]}} question
 * @param {AbortSignal} [calledOff]
 * @returns {Promise<PlotData>}
 */
export async function plotData({ filter, metric, cols }, calledOff) {
  const query = selection();
  query.delete("sort");
  for (const [name, value] of [["filter", filter], ["metric", metric], ["cols", cols.join(",")]]) {
    query.delete(name);
    if (value !== "") query.set(name, value);
  }
  const answer = await asked(`/api/columns?${query}`, { signal: calledOff });
  const columns = answer.columns.map(plotColumn);
  const results = columns.filter((/** @type {PlotColumn} */ column) => column.isResult);
  const meant = results.find((/** @type {PlotColumn} */ column) => column.name === metric) ?? results.find((/** @type {PlotColumn} */ column) => column.goal !== null) ?? results[0];
  const notes = [...answer.notes];
  if (answer.sampled && !notes.some((note) => note.includes("sample"))) {
    notes.unshift(`a sample: ${answer.ids.length} of ${answer.total} runs, spread over all`);
  }
  return { ids: answer.ids, names: answer.names, columns, notes, total: answer.total, metric: meant?.name ?? "", question: filter, command: answer.command, python: answer.python };
}

/** @param {any} column @returns {PlotColumn} */
function plotColumn({ name, head, scope, goal, numbers, texts, levels, shown, ticks }) {
  const count = (numbers ?? texts ?? shown ?? []).length;
  /** @type {(string | null)[]} */
  const said = texts
    ? texts.map((/** @type {number} */ at) => (at < 0 ? null : levels[at]))
    : (shown ?? numbers.map((/** @type {number | null} */ number) => (number === null ? null : String(number))));
  return {
    name,
    head,
    isResult: scope === "summary",
    goal: goal ?? null,
    numbers: numbers ?? new Array(count).fill(null),
    texts: said,
    ticks: ticks ?? [],
  };
}

/** The column that holds the names of runs, in the table below a plot. @returns {GridColumn} */
export function nameColumn() {
  return { name: "run.name", head: "name", kind: "text", sort: null, sorted: null, downFirst: false, isRight: false, isName: true, isState: false, title: "name" };
}

/** @param {PlotColumn} column @returns {GridColumn} */
export function plotGridColumn({ name, head, isResult, numbers }) {
  const isRight = isResult || numbers.some((number) => number !== null);
  return { name, head, kind: isResult ? "result" : "value", sort: null, sorted: null, downFirst: false, isRight, isName: false, isState: false, title: name };
}

/** @param {PlotData} plot @param {PlotColumn[]} columns @param {number} at @returns {GridRow} */
export function plotRow(plot, columns, at) {
  /** @param {string | null} shown @param {boolean} isNumber */
  const cell = (shown, isNumber) => (shown === null ? null : { shown, best: false, edited: false, isNumber });
  return {
    id: plot.ids[at],
    name: plot.names[at],
    url: `/run/${encodeURIComponent(plot.ids[at])}`,
    cells: [cell(plot.names[at] || plot.ids[at], false), ...columns.map(({ texts, numbers }) => cell(texts[at], numbers[at] !== null))],
  };
}

/** @param {any} answer @returns {Importance} */
export function importanceFrom(answer) {
  const names = answer.forest ? ["eta2", "epsilon2", "forest", "forest_sd", "levels"] : ["eta2", "epsilon2", "levels"];
  /** @type {Record<string, string>} */
  const heads = { eta2: "η²", epsilon2: "ε²", forest: "forest", forest_sd: "± sd", levels: "levels" };
  return {
    metric: answer.metric,
    heads: ["key", ...names.map((name) => heads[name])],
    rows: answer.rows.map((/** @type {any} */ row) => ({
      key: row.key,
      size: row.forest ?? row.epsilon2 ?? row.eta2 ?? 0,
      cells: names.map((name) => row.shown?.[name] ?? (row[name] === null || row[name] === undefined ? "" : String(row[name]))),
    })),
    notes: [...answer.method, ...answer.notes],
  };
}

/** @param {string[]} runs @param {string} metric @returns {Promise<CurvesAnswer>} */
export async function curvesOf(runs, metric) {
  const query = selection();
  if (runs.length > 0) query.set("runs", runs.join(","));
  if (metric !== "") query.set("metric", metric);
  const answer = await asked(`/api/curves?${query}`);
  const curves = answer.runs.map((/** @type {any} */ run) => ({
    id: run.id,
    name: run.name || run.id,
    url: `/run/${encodeURIComponent(run.id)}`,
    said: `last ${run.last ?? "none"}, min ${run.min ?? "none"}, max ${run.max ?? "none"}${run.thinned ? `; thinned from ${run.total} points` : ""}`,
    steps: run.steps.map((/** @type {number | null} */ step, /** @type {number} */ at) => step ?? at),
    values: run.values,
  }));
  const { missing } = answer;
  const notes = [...answer.notes, ...(missing.length > 0 ? [`without ${answer.metric}: ${missing.join(", ")}`] : [])];
  return { metric: answer.metric, metrics: answer.metrics, curves, notes, command: answer.command, python: answer.python };
}
