import { Cells } from "/map/cells.js";
import { degrees, multiples, stepFor } from "/map/grid.js";
import { equal } from "./check.js";

export function steps_and_multiples_of_the_graticule() {
  equal(stepFor(0.1, 800), 0.02);
  equal(multiples(0.1, 0.5, 0.2).map((value) => value.toFixed(1)), ["0.2", "0.4"]);
  equal(degrees(-71.1, 0.1, "E", "W"), "71.1°W");
}

export function cells_find_what_looking_at_all_finds() {
  const count = 3000;
  const boxes = new Int32Array(4 * count);
  let seed = 7;
  const next = (most) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % most;
  };
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [next(100000), next(100000)];
    boxes.set([x, y, x + next(3000), y + next(3000)], 4 * i);
  }
  const cells = new Cells(boxes, count);
  for (let turn = 0; turn < 50; turn += 1) {
    const [west, north] = [next(100000), next(100000)];
    const box = [west, north, west + next(20000), north + next(20000)];
    const meets = (one) => boxes[4 * one] <= box[2] && boxes[4 * one + 2] >= box[0] && boxes[4 * one + 1] <= box[3] && boxes[4 * one + 3] >= box[1];
    const found = new Set();
    cells.near(...box, (one) => found.add(one));
    const wanted = Array.from({ length: count }, (_, i) => i).filter(meets);
    equal(wanted.filter((one) => !found.has(one)), []);
  }
}
