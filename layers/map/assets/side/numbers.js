/** Numbers as the editor writes them. */

/** Floor area and the like, in whole square metres. */
export function square(value) {
  return value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en-US");
}

/** A figure with the digits that it has. */
export function plain(value) {
  return typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 4, useGrouping: false }) : String(value ?? "");
}

/** Put values into a text with names in braces; values are never read as text with names themselves. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
