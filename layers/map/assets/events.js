/**
 * What happens on a map, for whoever stands beside it.
 *
 * - `selection` `{slots: number[], keys: string[]}` other parcels are selected
 * - `changed` `{revision: number, slots: number[]}` parcels are not what they were
 * - `acted` `{settled: {act, result}[]}` the server has answered acts of this map
 * - `tool` `{name: string}` another tool is in hand
 */
export class Events {
  constructor() {
    /** @type {Map<string, Set<(told: any) => void>>} */
    this.heard = new Map();
  }

  /**
   * @param {"selection" | "changed" | "acted" | "tool"} name
   * @param {(told: any) => void} listen
   * @returns {() => void} ends it
   */
  on(name, listen) {
    if (!this.heard.has(name)) this.heard.set(name, new Set());
    this.heard.get(name).add(listen);
    return () => this.heard.get(name).delete(listen);
  }

  emit(name, told) {
    for (const listen of this.heard.get(name) ?? []) listen(told);
  }
}
