/**
 * The line under map and side: which revision is shown, what is saved and what waits, and who else is here.
 */
import { element } from "../dom.js";
import { filled } from "./numbers.js";

export class Status {
  /** @param {import("../core.js").Core} core */
  constructor(core) {
    this.core = core;
    this.body = element("footer", "cz-status");
    this.revision = element("span", "cz-revision");
    this.saved = element("span", "cz-saving");
    this.saved.setAttribute("role", "status");
    this.people = element("span", "cz-others");
    this.body.append(this.revision, this.saved, this.people);
    this.stops = [
      core.on("changed", () => this.number()),
      core.on("acted", () => this.number()),
      core.on("waiting", (told) => this.waits(told)),
      core.on("people", ({ names }) => this.others(names)),
    ];
    this.number();
    this.waits({ count: core.outbox?.queue.length ?? 0, broken: false });
    this.others([]);
  }

  number() {
    this.revision.textContent = filled(this.core.words.version, { number: this.core.revision });
  }

  waits({ count, broken }) {
    const { words } = this.core;
    const word = broken ? words.offline_count : count ? words.saving_count : words.saved;
    this.saved.textContent = filled(word, { count });
    this.saved.dataset.state = broken ? "offline" : count ? "saving" : "saved";
  }

  others(names) {
    const { words } = this.core;
    this.people.textContent = names.length ? filled(words.also_here, { names: names.join(words.list) }) : words.alone;
  }

  leave() {
    for (const stop of this.stops) stop();
  }
}
