import { Looks, PENDING } from "/map/looks.js";
import { equal } from "./check.js";

const MODES = [
  { key: "use", title: "", note: "", by_count: true, classes: [{}, {}] },
  { key: "stage", title: "", note: "", by_count: false, classes: [{}, {}, {}] },
];

function world() {
  return new Looks(MODES, { use: Uint16Array.of(0, 1, 1), stage: Uint16Array.of(2, 2, 2) }, 3);
}

export function what_the_viewer_did_lies_on_top_until_it_is_answered() {
  const looks = world();
  looks.turn("stage");
  looks.expect("a-1", [1], { stage: 0 });
  equal([looks.shown, looks.marks[1]], [Uint16Array.of(2, 0, 2), PENDING].map((v) => v));
  looks.patch([1], { stage: [2], use: [1] });
  equal(looks.shown, [2, 0, 2], "the server's truth waits below");
  equal(looks.settle("a-1"), [1]);
  equal([...looks.shown, looks.marks[1]], [2, 2, 2, 0], "refused: the server's truth");
}

export function two_acts_on_one_parcel_are_taken_off_one_by_one() {
  const looks = world();
  looks.turn("stage");
  looks.expect("a-1", [0], { stage: 0 });
  looks.expect("a-2", [0], { stage: 1 });
  looks.settle("a-1");
  equal([looks.shown[0], looks.marks[0]], [1, PENDING]);
  looks.settle("a-2");
  equal([looks.shown[0], looks.marks[0]], [2, 0]);
}

export function another_mode_shows_what_waits_too() {
  const looks = world();
  looks.expect("a-1", [2], { stage: 1 });
  equal(looks.shown, [0, 1, 1]);
  looks.turn("stage");
  equal(looks.shown, [2, 2, 1]);
}

export function parcels_may_become_more() {
  const looks = world();
  looks.reach(5);
  looks.patch([4], { use: [1], stage: [0] });
  equal(looks.shown, [0, 1, 1, 0, 1]);
  equal(looks.counts((slot) => slot !== 3), [1, 3]);
}

export function all_classes_may_come_anew() {
  const looks = world();
  looks.turn("stage");
  looks.expect("a-1", [0], { stage: 0 });
  looks.replace(MODES, { use: Uint16Array.of(1, 1, 1), stage: Uint16Array.of(1, 1, 1) }, 3);
  equal(looks.shown, [0, 1, 1]);
}

export function a_viewers_own_grades_lie_over_what_all_see() {
  const looks = world();
  looks.turn("stage");
  looks.own("stage", [0, 1, 2], "mine");
  equal([[...looks.shown], looks.note], [[0, 1, 2], "mine"]);
  looks.patch([0], { stage: [1], use: [0] });
  equal([...looks.shown], [0, 1, 2], "what all see stays below");
  looks.reach(4);
  looks.turn("stage");
  equal(looks.shown[3], 0, "a parcel that came since is as all see it");
  looks.own("stage", null, "");
  equal([[...looks.shown], looks.note], [[1, 2, 2, 0], ""]);
}

export function a_mode_of_the_pages_own_is_offered_only_while_a_page_shows_it() {
  const modes = [...MODES, { key: "projects", title: "", note: "", by_count: false, classes: [{}, {}] }];
  const looks = new Looks(modes, { use: Uint16Array.of(0), stage: Uint16Array.of(0), projects: Uint16Array.of(1) }, 1);
  equal(looks.offered.map(({ key }) => key), ["use", "stage"]);
  looks.own("projects", [0], "", ["Holds it"]);
  equal(looks.offered.map(({ key }) => key), ["use", "stage", "projects"]);
  equal(looks.called(modes[2]).map(({ label }) => label), ["Holds it", undefined]);
  looks.own("projects", null, "");
  equal(looks.offered.map(({ key }) => key), ["use", "stage"]);
}
