/** What the server is asked, and what its answers are called here. The one file that knows routes and JSON. */

/**
 * @typedef {object} Cell
 * @property {string} shown as Python writes it
 * @property {boolean} [best]
 * @property {boolean} [edited]
 *
 * @typedef {object} GridColumn
 * @property {string} name as the filter language writes it
 * @property {string} head
 * @property {string} kind
 * @property {string | null} sort what sorts by it; null where nothing does
 * @property {boolean} downFirst the greatest first, when its head is clicked
 * @property {boolean} isRight
 * @property {boolean} isName
 * @property {boolean} isState
 * @property {boolean} isFixed it is there whichever columns are chosen
 * @property {string} [title]
 *
 * @typedef {object} GridRow
 * @property {string} id
 * @property {string} name
 * @property {string} url
 * @property {(Cell | null)[]} cells
 *
 * @typedef {object} RunsPage
 * @property {GridColumn[]} columns
 * @property {GridRow[]} rows
 * @property {number} total
 * @property {string} totalShown
 * @property {string} sort
 * @property {string[]} notes
 * @property {{count: number, keys: {key: string, shown: string}[]}} constants
 * @property {number} ignored
 * @property {{text: string, url: string}[]} links
 *
 * @typedef {{name: string, head: string, said: string}} KeyEntry
 * @typedef {{keys: KeyEntry[], total: number}} Keys
 *
 * @typedef {object} PlotColumn
 * @property {string} name
 * @property {string} head
 * @property {boolean} isResult
 * @property {string | null} goal
 * @property {(number | null)[]} numbers
 * @property {(string | null)[]} texts
 *
 * @typedef {object} PlotData
 * @property {string[]} ids
 * @property {string[]} names
 * @property {PlotColumn[]} columns
 * @property {string[]} notes
 * @property {string} metric name of the column that was asked for; empty where there is none
 *
 * @typedef {object} Importance
 * @property {string[]} heads
 * @property {{key: string, url: string, size: number, cells: string[]}[]} rows
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
 * @typedef {{text: string}} Refused
 */
