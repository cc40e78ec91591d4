/**
 * What an act would come to, asked for while a hand is still at it. Only the answer to the last question counts.
 */
/** Areas that the bar lists, and width [px] from which an area is written on its part. */
const MOST_LISTED = 6;
const ROOM = 76;
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
    const told = await this.editor.ask("attempt", { act });
    return mine === this.asked ? told : null;
  }

  forget() {
    this.asked += 1;
  }

  /** Say it in the bar. */
  tell(told) {
    const { options, words } = this.editor;
    if (!told.may) return options.say([told.message, told.cure].filter(Boolean).join(" · "), "cz-warned");
    const areas = told.rows.filter(({ rings }) => rings).map(({ area_m2: area }) => square(area));
    const listed = areas.length > MOST_LISTED ? [...areas.slice(0, MOST_LISTED), "…"] : areas;
    return options.say(`${words.would_come.replace("{count}", String(areas.length))}  ${listed.join(" · ")}`);
  }

  /** Draw it: the outlines that would come, each with its area where there is room. */
  draw(told) {
    const { core, draft } = this.editor;
    if (!told.may) return;
    const across = (box) => core.map.latLngToContainerPoint(box.getNorthEast()).x - core.map.latLngToContainerPoint(box.getSouthWest()).x;
    for (const { rings, area_m2: area } of told.rows) {
      if (!rings) continue;
      const points = rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
      draft.area(points);
      const box = window.L.latLngBounds(points[0]);
      if (across(box) >= ROOM) draft.text(box.getCenter(), square(area));
    }
  }
}

/** An area as people read it. */
export function square(area) {
  return `${Number(area).toLocaleString("en-US", { maximumFractionDigits: 2 })} m²`;
}
