import { Geometry } from "/map/geometry.js";
import { Looks } from "/map/looks.js";
import { drawn } from "/map/pen.js";
import { Slices } from "/map/slices.js";
import { equal, outlines, ring, truth } from "./check.js";

const MODE = { key: "use", title: "", note: "", by_count: true, classes: [{ label: "", colour: "#ff0000", hatch: false }, { label: "", colour: "#0000ff", hatch: false }] };

function painted(parcels, classes, scale, clip = [0, 0, 200, 200]) {
  const geometry = new Geometry(outlines(parcels));
  const looks = new Looks([MODE], { use: Uint16Array.from(classes) }, parcels.length);
  const canvas = document.createElement("canvas");
  canvas.width = 200;
  canvas.height = 200;
  const context = canvas.getContext("2d");
  for (const _ of drawn(context, geometry, looks, { scale, left: 0, top: 0, ratio: 1, clip }));
  return (x, y) => Array.from(context.getImageData(x, y, 1, 1).data);
}

const red = (pixel) => pixel[0] > 240 && pixel[2] < 20 && pixel[3] > 150;
const blue = (pixel) => pixel[2] > 240 && pixel[0] < 20 && pixel[3] > 150;

export function holes_stay_empty_and_parts_are_filled() {
  const at = painted([[[ring(0, 0, 900, 900), ring(300, 300, 600, 600)]], [[ring(1000, 0, 1200, 200)], [ring(1300, 0, 1500, 200)]]], [0, 1], 0.1);
  truth(red(at(15, 15)), "the ring");
  equal(at(45, 45)[3], 0, "the hole");
  truth(blue(at(110, 10)) && blue(at(140, 10)), "both parts");
  equal(at(125, 10)[3], 0, "between them");
}

export function parcels_of_one_class_that_overlap_do_not_cancel() {
  const at = painted([[[ring(0, 0, 1000, 1000)]], [[ring(500, 500, 1500, 1500).reverse()]]], [0, 0], 0.1);
  truth(red(at(75, 75)), "where they overlap");
}

export function a_parcel_in_a_hole_of_the_same_class_is_filled() {
  const at = painted([[[ring(0, 0, 900, 900), ring(300, 300, 600, 600)]], [[ring(300, 300, 600, 600)]]], [0, 0], 0.1);
  truth(red(at(45, 45)));
}

export function parcels_of_a_pixel_are_dots_in_their_colour() {
  const many = Array.from({ length: 100 }, (_, i) => [[ring(100 * i, 0, 100 * i + 90, 90)]]);
  const at = painted(many, many.map((_, i) => i % 2), 0.02);
  truth(red(at(0, 0)) && blue(at(2, 0)) && red(at(4, 0)), [at(0, 0), at(2, 0), at(4, 0)].join("; "));
}

export function only_what_is_clipped_is_drawn() {
  const at = painted([[[ring(0, 0, 2000, 2000)]]], [0], 0.1, [50, 50, 60, 60]);
  truth(red(at(55, 55)));
  equal([at(45, 55)[3], at(65, 55)[3]], [0, 0]);
}

export async function long_work_leaves_the_page_its_turn() {
  const slices = new Slices();
  let turns = 0;
  let done = false;
  const timer = setInterval(() => (turns += 1), 1);
  function* work() {
    const end = performance.now() + 20_000; // work that leaves no turn ends here, with none
    while (turns < 3 && performance.now() < end) yield;
  }
  slices.add("one", work(), () => (done = true));
  while (!done) await new Promise((go) => setTimeout(go, 5));
  clearInterval(timer);
  truth(turns >= 3, `${turns} turns`);
  truth(slices.idle);
}

export async function a_newer_job_of_the_same_owner_takes_the_place_of_the_older() {
  const slices = new Slices();
  const done = [];
  slices.add("tile", [1, 2, 3][Symbol.iterator](), () => done.push("old"));
  slices.add("tile", [1][Symbol.iterator](), () => done.push("new"));
  while (!slices.idle) await new Promise((go) => setTimeout(go, 5));
  equal(done, ["new"]);
}
