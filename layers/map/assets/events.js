/**
 * What happens on a map, for whoever stands beside it.
 *
 * - `selection` `{slots: number[], keys: string[]}` other parcels are selected
 * - `changed` `{revision: number, slots: number[], shaped: number[]}` parcels are not what they were; shaped: their outlines
 * - `acted` `{settled: {act, result}[]}` the server has answered acts of this map
 * - `waiting` `{count, broken}` acts that are on their way; broken: the server does not answer
 * - `people` `{names: string[]}` others who look at the same branch
 * - `tops` `{undo: string, redo: string}` what undo and redo would take now
 * - `resolved` `{act, kept: "mine" | "theirs" | "edit", again, revision}` a conflict was decided
 * - `tool` `{name: string}` another tool is in hand
 */
export class Events {
  constructor() {
    /** @type {Map<string, Set<(told: any) => void>>} */
    this.heard = new Map();
  }

  /**
   * @param {"selection" | "changed" | "acted" | "waiting" | "people" | "tops" | "resolved" | "tool"} name
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
