/**
 * What goes over the wire of a map: data by signed addresses, asked for by plain requests.
 */
import { decode } from "./blob.js";

/** The server was started anew or the address is too old: the page has to give new ones. */
export class Outdated extends Error {}

/** The server understood a question and has no answer; `told` says why, in the language of the page. */
export class Refused extends Error {
  /** @param {{code: string, message: string, where: string, cure: string}} told */
  constructor(told) {
    super(told.message);
    this.told = told;
  }
}

/** @param {string} address */
async function answered(address, options = {}) {
  const answer = await fetch(new URL(address, window.location.origin), { credentials: "same-origin", ...options });
  if (answer.status === 403 || answer.status === 410) throw new Outdated(`map: ${answer.status}`);
  if (answer.status === 400) throw new Refused(await answer.json());
  if (!answer.ok) throw new Error(`map: ${answer.status}`);
  return answer;
}

/** @param {string} address */
export async function json(address) {
  return (await answered(address)).json();
}

/** @param {string} address */
export async function outlines(address) {
  return decode(await (await answered(address)).arrayBuffer());
}

/**
 * Classes of all parcels.
 *
 * @param {string} address
 */
export async function state(address) {
  return stateOf(await (await answered(address)).arrayBuffer());
}

/**
 * @param {ArrayBuffer} buffer as `Board.state` writes it
 * @returns {{revision: number, count: number, modes: import("./looks.js").StyleMode[], of: {[mode: string]: Uint16Array}}}
 */
export function stateOf(buffer) {
  const bytes = new Uint8Array(buffer);
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const of = {};
  let at = 4 + length;
  for (const { key } of head.modes) {
    const made = new Uint16Array(head.count);
    for (let i = 0; i < head.count; i += 1) made[i] = bytes[at + i] | (bytes[at + head.count + i] << 8);
    of[key] = made;
    at += 2 * head.count;
  }
  return { ...head, of };
}

/**
 * All that a map begins with.
 *
 * @param {import("./core.js").Message} message
 */
export async function loaded(message) {
  const [made, classes, names, context] = await Promise.all([
    outlines(message.outlines),
    state(message.state),
    json(message.names),
    json(message.context),
  ]);
  return { outlines: made, state: classes, names, context };
}

/**
 * Send something and read the answer.
 *
 * @param {string} address
 * @param {unknown} body
 */
export async function sent(address, body) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const told = await (await answered(address, options)).json();
  if (told.refused) throw new Refused(told.refused);
  return told;
}

/** Outlines out of a text of base64, as a patch carries them. */
export function unpacked(text) {
  return decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
