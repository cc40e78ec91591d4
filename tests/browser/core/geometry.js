import { GONE, decode } from "/map/blob.js";
import { Geometry, toDegrees, toUnit } from "/map/geometry.js";
import { equal, near, outlines, ring, truth } from "./check.js";

const RING = [[ring(0, 0, 900, 900), ring(300, 300, 600, 600)]];
const TWO = [[ring(1000, 0, 1200, 200)], [ring(1300, 0, 1500, 200)]];

function world() {
  return new Geometry(outlines([RING, TWO, []]));
}

function hit(geometry, x, y) {
  const [left, top] = geometry.origin;
  return geometry.at((left + x) / 2 ** 32, (top + y) / 2 ** 32);
}

export function degrees_and_back() {
  const [lon, lat] = toDegrees(...toUnit(116.28, 39.83));
  near(lon, 116.28, 1e-9);
  near(lat, 39.83, 1e-9);
}

export function a_hole_is_outside_and_every_part_is_inside() {
  const geometry = world();
  equal(hit(geometry, 100, 100), 0);
  equal(hit(geometry, 450, 450), -1, "the hole");
  equal([hit(geometry, 1100, 100), hit(geometry, 1400, 100)], [1, 1], "both parts");
  equal(hit(geometry, 1250, 100), -1, "between the parts");
}

export function holes_run_against_their_outer_ring_whatever_way_they_were_stored() {
  const turned = [[ring(0, 0, 900, 900).reverse(), ring(300, 300, 600, 600)]];
  equal([new Geometry(outlines([RING])).flipped[1], new Geometry(outlines([turned])).flipped[0]], [1, 1]);
}

export function a_parcel_without_an_outline_is_nowhere() {
  const geometry = world();
  equal([...geometry.inBox([-1e9, -1e9, 1e9, 1e9])], [0, 1]);
  equal(geometry.latLngs(2), []);
}

export function where_parcels_overlap_the_last_is_on_top() {
  const geometry = new Geometry(outlines([[[ring(0, 0, 100, 100)]], [[ring(50, 50, 150, 150)]]]));
  equal([hit(geometry, 75, 75), hit(geometry, 25, 25)], [1, 0]);
}

export function a_number_is_written_inside_and_not_in_a_hole() {
  const geometry = world();
  for (const slot of [0, 1]) truth(geometry.covers(slot, ...geometry.inside(slot)), `parcel ${slot}`);
}

export function a_patch_changes_adds_and_removes() {
  const geometry = world();
  const made = outlines([[], [[ring(0, 0, 100, 100)]], [[ring(200, 0, 300, 100), ring(220, 20, 240, 40)]]]);
  made.flags[0] = GONE;
  made.origin = [made.origin[0] + 10, made.origin[1]];
  geometry.patch([0, 1, 4], made);
  equal(geometry.count, 5);
  equal(hit(geometry, 450, 100), -1, "what is gone");
  equal([hit(geometry, 12, 50), hit(geometry, 1100, 100)], [1, -1], "what moved");
  equal([hit(geometry, 215, 50), hit(geometry, 240, 30)], [4, -1], "what is new, and its hole");
  equal([geometry.there(0), geometry.there(1), geometry.there(4)], [false, true, true]);
}

export function many_patches_are_found_as_one_build_finds_them() {
  const geometry = new Geometry(outlines(Array.from({ length: 400 }, (_, i) => [[ring(10 * i, 0, 10 * i + 8, 8)]])));
  for (let turn = 0; turn < 5; turn += 1) {
    const slots = Array.from({ length: 400 }, (_, i) => i);
    geometry.patch(slots, outlines(slots.map((i) => [[ring(10 * i, turn, 10 * i + 8, turn + 8)]])));
  }
  for (let i = 0; i < 400; i += 37) equal(hit(geometry, 10 * i + 4, 11), i);
  equal(hit(geometry, 4, 2), -1);
}

export function inverse_of_the_encoder() {
  const bytes = Uint8Array.from(window.BLOB);
  const made = decode(bytes.buffer);
  equal(made.parts, [1, 2, 0]);
  equal(made.rings, [2, 1, 1]);
  equal(made.vertices, [4, 4, 4, 4]);
  equal(made.flags, [1, 0, 2]);
  equal(Array.from(made.x, (x, i) => [x + made.origin[0], made.y[i] + made.origin[1]]), window.XY);
}

export function no_binary_is_refused() {
  let said = "";
  try {
    decode(new Uint8Array(64).buffer);
  } catch (error) {
    said = error.message;
  }
  truth(said.includes("binary"));
}
