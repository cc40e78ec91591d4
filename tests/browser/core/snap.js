import { Geometry } from "/map/geometry.js";
import { caught, nearestEdge, nearestVertex, squared } from "/map/editor/snap.js";
import { equal, near, outlines, ring } from "./check.js";

/** A parcel of two parts, the second with a hole, and one beside it. */
function core() {
  const hole = [[240, 240], [240, 260], [260, 260], [260, 240]];
  const parcels = [
    [[ring(0, 0, 100, 100)], [ring(200, 200, 300, 300), hole]],
    [[ring(100, 0, 200, 100)]],
  ];
  // at this zoom a pixel is one unit wide
  return { geometry: new Geometry(outlines(parcels)), names: { keys: ["A", "B"] }, map: { getZoom: () => 24 } };
}

const spot = (x, y, more = {}) => ({ x, y, slot: -1, alt: false, shift: false, touch: false, ...more });

export function a_vertex_is_told_by_part_ring_and_number() {
  equal(nearestVertex(core(), spot(258, 262), 10).ref, { vertex: ["A", 1, 1, 2] });
  equal(nearestVertex(core(), spot(3, 97), 10).ref, { vertex: ["A", 0, 0, 3] });
}

export function an_edge_is_told_by_its_first_vertex_and_how_far_along() {
  const found = nearestEdge(core(), spot(203, 225), 10);
  equal(found.ref.edge.slice(0, 4), ["A", 1, 0, 3]);
  near(found.ref.edge[4], 0.75, 1e-9);
  equal([found.x, found.y], [200, 225]);
}

export function a_vertex_goes_before_an_edge_and_both_before_a_place() {
  equal(caught(core(), spot(4, 4)).kind, "vertex");
  equal(caught(core(), spot(50, 4)).kind, "edge");
  equal(caught(core(), spot(50, 50)).kind, "free");
  equal(caught(core(), spot(4, 4, { alt: true })).kind, "free");
  equal(caught(core(), spot(15, 15)).kind, "free");
  equal(caught(core(), spot(15, 5, { touch: true })).kind, "vertex", "a finger reaches farther");
}

export function what_is_moved_catches_nothing_of_itself() {
  const moved = { x: 100, y: 0 };
  equal(caught(core(), spot(102, 3), { moved }).kind, "free");
  equal(caught(core(), spot(98, 99), { moved }).kind, "vertex");
}

export function shift_keeps_to_eighths_of_a_turn() {
  const found = squared(core(), { x: 0, y: 0 }, { x: 100, y: 8 });
  equal([Math.round(found.x), Math.round(found.y)], [100, 0]);
  const slanted = squared(core(), { x: 0, y: 0 }, { x: 100, y: 90 });
  near(slanted.x, slanted.y, 1e-9);
}
