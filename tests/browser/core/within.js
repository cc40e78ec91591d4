import { Geometry } from "/map/geometry.js";
import { within } from "/map/editor/within.js";
import { equal, outlines, ring } from "./check.js";

/** Squares of 10 side by side: 0 … 9 in the upper row, 10 … 19 below. */
function squares() {
  const parcels = [];
  for (const top of [0, 20]) for (let i = 0; i < 10; i += 1) parcels.push([[ring(20 * i, top, 20 * i + 10, top + 10)]]);
  return new Geometry(outlines(parcels));
}

export function a_box_takes_in_what_has_its_middle_inside() {
  const frame = [[-5, -5], [26, -5], [26, 40], [-5, 40]];
  equal(within(squares(), frame), [0, 1, 10, 11]);
  equal(within(squares(), [[-5, -5], [24, -5], [24, 40], [-5, 40]]), [0, 10], "the middle of 1 and 11 is outside");
}

export function a_loop_may_have_a_bay() {
  const bay = [[-5, -5], [200, -5], [200, 40], [100, 40], [100, 14], [50, 14], [50, 40], [-5, 40]];
  equal(within(squares(), bay), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19]);
}

export function what_is_gone_is_not_taken_in() {
  const geometry = squares();
  geometry.flags[1] = 2;
  equal(within(geometry, [[-5, -5], [46, -5], [46, 15], [-5, 15]]), [0, 2]);
}

export function a_loop_without_extent_takes_in_nothing() {
  equal(within(squares(), [[5, 5], [5, 5]]), []);
}
