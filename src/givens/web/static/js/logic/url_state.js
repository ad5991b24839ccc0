/** What a view shows, as the query of its address: whoever opens the address sees the same. */

import { joinNames, splitNames } from "./names.js";

/**
 * A list is a parameter that comes several times; names are one parameter with commas.
 *
 * @typedef {"text" | "list" | "names" | "number" | "flag"} FieldKind
 * @typedef {Record<string, {kind: FieldKind, none?: string | number}>} Fields name of the parameter -> what it holds
 * @typedef {Record<string, any>} State
 */

/**
 * The state that an address holds. Parameters that are not fields are not state, and stay in the address.
 * @param {string} search
 * @param {Fields} fields
 * @returns {State}
 */
export function readState(search, fields) {
  const given = new URLSearchParams(search);
  /** @type {State} */
  const state = {};
  for (const [name, { kind, none }] of Object.entries(fields)) {
    if (kind === "list") state[name] = given.getAll(name);
    else if (kind === "names") state[name] = given.getAll(name).flatMap(splitNames);
    else if (kind === "flag") state[name] = given.has(name) && given.get(name) !== "0";
    else if (kind === "number") state[name] = numberIn(given.get(name), Number(none ?? 0));
    else state[name] = given.get(name) ?? String(none ?? "");
  }
  return state;
}

/**
 * @param {string | null} text
 * @param {number} none
 */
function numberIn(text, none) {
  const number = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(number) ? number : none;
}

/**
 * The query with the state in it: fields in their order, what is as if nothing were said left out, other parameters kept.
 * @param {State} state
 * @param {Fields} fields
 * @param {string} [search] the query as it is
 * @returns {string} with its question mark, or empty
 */
export function writeState(state, fields, search = "") {
  const written = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!Object.hasOwn(fields, name)) written.append(name, value);
  }
  for (const [name, { kind, none }] of Object.entries(fields)) {
    const value = state[name];
    if (kind === "list") for (const each of value ?? []) written.append(name, String(each));
    else if (kind === "names") value?.length > 0 && written.append(name, joinNames(value));
    else if (kind === "flag") value && written.append(name, "1");
    else if (value !== undefined && value !== null && String(value) !== String(none ?? (kind === "number" ? 0 : ""))) {
      written.append(name, String(value));
    }
  }
  const text = written.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * The order after a click on a column's head: by it as it is best read, then the other way round, then as if none were said.
 * @param {"asc" | "desc" | null} now how the rows stand by this column
 * @param {string} name of the column
 * @param {boolean} downFirst the greatest first is how it is best read
 */
export function nextSort(now, name, downFirst) {
  const first = downFirst ? "desc" : "asc";
  if (now === null) return downFirst ? `-${name}` : name;
  if (now === first) return downFirst ? name : `-${name}`;
  return "";
}
