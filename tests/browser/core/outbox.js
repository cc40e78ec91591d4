import { Outbox } from "/map/outbox.js";
import { Outdated, Refused } from "/map/wire.js";
import { equal, truth } from "./check.js";

/** A server that can be told to fail, and remembers what it did. */
class Server {
  constructor() {
    this.done = [];
    this.requests = [];
    this.fail = [];
    this.refuse = new Set();
  }

  async send(acts) {
    this.requests.push(acts);
    await new Promise((go) => setTimeout(go, 5));
    const failure = this.fail.shift();
    if (failure === "before") throw new TypeError("no network");
    if (failure === "refused") throw new Refused({ code: "act_refused", message: "cannot be read", where: "", cure: "" });
    if (failure === "outdated") throw new Outdated("403");
    const results = acts.map((act) => {
      if (this.refuse.has(act.parcel)) return { op: act.op, status: "invalid", revision: 1, message: "no" };
      const known = this.done.some((one) => one.op === act.op);
      if (!known) this.done.push(act);
      return { op: act.op, status: known ? "duplicate" : "ok", revision: 10 + this.done.length };
    });
    if (failure === "after") throw new TypeError("the answer was lost");
    return { results, revision: 10 + this.done.length };
  }
}

function world(server, storage = null) {
  const seen = { painted: [], settled: [], outdated: 0 };
  const outbox = new Outbox(
    {
      send: (acts) => server.send(acts),
      paint: (op) => seen.painted.push(op),
      settle: (_, settled) => seen.settled.push(...settled),
      waiting: () => {},
      outdated: () => (seen.outdated += 1),
    },
    storage,
    "box",
  );
  return { outbox, seen };
}

function assign(outbox, parcel) {
  return outbox.add({ do: "assign", parcel, seen: 3 }, { rows: [parcel], slots: [], look: {} });
}

async function quiet(outbox) {
  for (let i = 0; i < 400 && (outbox.queue.length || outbox.sending); i += 1) await new Promise((go) => setTimeout(go, 10));
}

export async function twenty_fast_clicks_are_twenty_acts_in_their_order() {
  const server = new Server();
  const { outbox, seen } = world(server);
  for (let i = 0; i < 20; i += 1) {
    assign(outbox, `p${i}`);
    await new Promise((go) => setTimeout(go, 1));
  }
  equal(seen.painted.length, 20, "each painted at once");
  await quiet(outbox);
  equal(server.done.map((act) => act.parcel), Array.from({ length: 20 }, (_, i) => `p${i}`));
  truth(server.requests.length < 20, "they travel together");
}

export async function a_lost_answer_is_asked_for_again_and_nothing_is_done_twice() {
  const server = new Server();
  server.fail = ["before", "after"];
  const { outbox, seen } = world(server);
  assign(outbox, "p1");
  await quiet(outbox);
  equal([server.requests.length, server.done.length], [3, 1]);
  equal(seen.settled.map(({ result }) => result.status), ["duplicate"]);
}

export async function a_second_act_on_a_row_waits_and_has_seen_the_first() {
  const server = new Server();
  const { outbox } = world(server);
  assign(outbox, "p1");
  assign(outbox, "p1");
  assign(outbox, "p2");
  await quiet(outbox);
  truth(server.requests.every((acts) => new Set(acts.map((act) => act.parcel)).size === acts.length), "no row twice");
  equal(server.done.map((act) => [act.parcel, act.seen]), [["p1", 3], ["p1", 11], ["p2", 3]]);
}

export async function a_refused_act_leaves_the_box_with_its_reason() {
  const server = new Server();
  server.refuse.add("p1");
  const { outbox, seen } = world(server);
  assign(outbox, "p1");
  assign(outbox, "p2");
  await quiet(outbox);
  equal(seen.settled.map(({ act, result }) => [act.parcel, result.status]), [["p1", "invalid"], ["p2", "ok"]]);
}

export async function acts_outlive_a_reload() {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const broken = new Server();
  broken.fail = ["after", ...Array(9).fill("before")];
  const { outbox } = world(broken, storage);
  assign(outbox, "p1");
  assign(outbox, "p2");
  await new Promise((go) => setTimeout(go, 60));
  clearTimeout(outbox.timer);
  const server = new Server();
  server.done = [...broken.done];
  const again = world(server, storage);
  again.outbox.resume();
  await quiet(again.outbox);
  equal(server.done.map((act) => act.parcel), ["p1", "p2"]);
  equal(kept.get("box"), "[]");
}

export async function an_outdated_address_is_said_and_the_act_waits() {
  const server = new Server();
  server.fail = ["outdated"];
  const { outbox, seen } = world(server);
  assign(outbox, "p1");
  await quiet(outbox);
  equal([seen.outdated, server.done.length], [1, 1]);
}

export async function what_the_server_cannot_read_does_not_hold_up_the_rest() {
  const server = new Server();
  server.fail = ["refused"];
  const { outbox, seen } = world(server);
  assign(outbox, "p1");
  await quiet(outbox);
  assign(outbox, "p2");
  await quiet(outbox);
  equal(seen.settled.map(({ result }) => [result.status, result.message]), [["invalid", "cannot be read"], ["ok", null]].map(([a, b]) => [a, b ?? undefined]));
  equal(server.done.map((act) => act.parcel), ["p2"]);
}
