/** "The same elsewhere": command line, Python call and downloads of what is shown, kept true while the view changes. */

/**
 * @param {{command: string, python: string}} said
 * @param {Record<string, string>} [meant] what the address leaves open, for a download
 */
export function showSame({ command, python }, meant = {}) {
  const panel = document.getElementById("same");
  if (panel === null) return;
  const blocks = panel.querySelectorAll("pre code");
  [command, python].forEach((text, at) => {
    const block = blocks[at];
    if (block !== undefined && block.textContent !== text) block.textContent = text;
  });
  for (const link of panel.querySelectorAll('a[href^="/download/"]')) {
    const path = link.getAttribute("href")?.split("?")[0];
    const query = new URLSearchParams(location.search);
    for (const name of ["tick", "brush"]) query.delete(name);
    for (const [name, value] of Object.entries(meant)) if (value !== "") query.set(name, value);
    link.setAttribute("href", query.size === 0 ? `${path}` : `${path}?${query}`);
  }
}
