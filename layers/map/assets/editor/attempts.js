/**
 * What an act would come to, asked for while a hand is still at it. Only the answer to the last question counts.
 */
import { Refused } from "../wire.js";

/** A hand that goes on within this time is not asked about [ms]. */
const REST = 120;

export class Attempts {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.asked = 0;
  }

  /**
   * @param {object} act without `op` and `seen`
   * @returns {Promise<object | null>} null where another question came after
   */
  async ask(act, rest = REST) {
    this.asked += 1;
    const mine = this.asked;
    await new Promise((done) => setTimeout(done, rest));
    if (mine !== this.asked) return null;
    const told = await this.editor.core.ask("attempt", { act }).catch((error) => {
      if (error instanceof Refused) return { may: false, ...error.told };
      throw error;
    });
    return mine === this.asked ? told : null;
  }

  forget() {
    this.asked += 1;
  }

  /** Say it in the bar. */
  tell(told) {
    const { options, words } = this.editor;
    if (!told.may) return options.say([told.message, told.cure].filter(Boolean).join(" · "), "cz-warned");
    const come = told.rows.filter(({ rings }) => rings);
    return options.say(words.would_come.replace("{count}", String(come.length)));
  }

  /** Draw it: the outlines that would come, each with its area. */
  draw(told) {
    const { draft } = this.editor;
    if (!told.may) return;
    for (const { rings, area_m2: area } of told.rows) {
      if (!rings) continue;
      const points = rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
      draft.area(points);
      draft.text(window.L.latLngBounds(points[0]).getCenter(), square(area));
    }
  }
}

/** An area as people read it. */
export function square(area) {
  return `${Number(area).toLocaleString("en-US", { maximumFractionDigits: 2 })} m²`;
}
