/** Names of columns in one text, with commas between them; a comma within quotes or brackets belongs to a name. */

const CLOSING = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/**
 * @param {string} text
 * @returns {string[]}
 */
export function splitNames(text) {
  const names = [];
  /** @type {string[]} what has to close before a comma parts names */
  const open = [];
  let name = "";
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    const inside = open[open.length - 1];
    const isQuoted = inside === '"' || inside === "'";
    if (isQuoted && letter === "\\") {
      name += letter + (text[++at] ?? "");
      continue;
    }
    if (letter === inside) open.pop();
    else if (!isQuoted && (letter === '"' || letter === "'")) open.push(letter);
    else if (!isQuoted && CLOSING.has(letter)) open.push(/** @type {string} */ (CLOSING.get(letter)));
    if (letter === "," && open.length === 0) {
      names.push(name);
      name = "";
    } else name += letter;
  }
  names.push(name);
  return names.map((each) => each.trim()).filter((each) => each !== "");
}

/** @param {readonly string[]} names */
export function joinNames(names) {
  return names.join(",");
}
