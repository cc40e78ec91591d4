/**
 * Vector tiles (MVT, version 2) as layers of features. The bytes come from a file that anybody may have made: whatever
 * is out of bounds or out of proportion is an error, never a guess.
 *
 * @typedef {object} Feature
 * @property {1 | 2 | 3} type points, lines, polygons
 * @property {Record<string, string | number | boolean>} tags
 * @property {[number, number][][]} parts in units of the layer's extent
 *
 * @typedef {{name: string, extent: number, features: Feature[]}} Layer
 */

const MOST_FEATURES = 40000;
const MOST_POINTS = 600000;

/**
 * @param {ArrayBuffer} buffer
 * @returns {Layer[]}
 */
export function layersOf(buffer) {
  const budget = { features: MOST_FEATURES, points: MOST_POINTS };
  const layers = [];
  each(new Reader(new Uint8Array(buffer)), (field, reader) => {
    if (field === 3) layers.push(layer(reader.message(), budget));
    else reader.skip();
  });
  return layers;
}

function layer(reader, budget) {
  const made = { name: "", extent: 4096, features: [] };
  const [raw, keys, values] = [[], [], []];
  each(reader, (field) => {
    if (field === 1) made.name = reader.text();
    else if (field === 2) raw.push(reader.message());
    else if (field === 3) keys.push(reader.text());
    else if (field === 4) values.push(value(reader.message()));
    else if (field === 5) made.extent = reader.number();
    else reader.skip();
  });
  budget.features -= raw.length;
  if (budget.features < 0 || !(made.extent >= 16 && made.extent <= 65536)) throw new RangeError("vector tile");
  made.features = raw.map((one) => feature(one, keys, values, budget));
  return made;
}

function feature(reader, keys, values, budget) {
  const made = { type: 0, tags: {}, parts: [] };
  each(reader, (field) => {
    if (field === 2) {
      const pairs = reader.numbers();
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        const key = keys[pairs[i]];
        if (key !== undefined && key !== "__proto__") made.tags[key] = values[pairs[i + 1]];
      }
    } else if (field === 3) made.type = reader.number();
    else if (field === 4) made.parts = drawn(reader.numbers(), budget);
    else reader.skip();
  });
  return made;
}

/** Parts of commands: 1 moves, 2 draws lines, 7 closes. */
function drawn(commands, budget) {
  const parts = [];
  let part = null;
  let [x, y] = [0, 0];
  for (let i = 0; i < commands.length; ) {
    const [command, count] = [commands[i] & 7, commands[i] >>> 3];
    i += 1;
    if (command === 7) {
      if (part?.length) part.push(part[0]);
      continue;
    }
    budget.points -= count;
    if (budget.points < 0 || (command !== 1 && command !== 2) || i + 2 * count > commands.length) {
      throw new RangeError("vector tile");
    }
    for (let k = 0; k < count; k += 1, i += 2) {
      x += signed(commands[i]);
      y += signed(commands[i + 1]);
      if (command === 1 || !part) parts.push((part = []));
      part.push([x, y]);
    }
  }
  return parts;
}

function value(reader) {
  let found = "";
  each(reader, (field) => {
    if (field === 1) found = reader.text();
    else if (field === 2) found = reader.real(4);
    else if (field === 3) found = reader.real(8);
    else if (field === 6) found = signed(reader.number());
    else if (field === 4 || field === 5) found = reader.number();
    else if (field === 7) found = reader.number() !== 0;
    else reader.skip();
  });
  return found;
}

const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

function each(reader, take) {
  while (reader.at < reader.end) {
    const tag = reader.number();
    reader.wire = tag & 7;
    take(Math.floor(tag / 8), reader);
  }
}

class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.wire = 0;
  }

  number() {
    let [value, factor] = [0, 1];
    for (let i = 0; i < 10; i += 1) {
      if (this.at >= this.end) break;
      const byte = this.bytes[this.at];
      this.at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new RangeError("vector tile");
  }

  /** Start of a piece of some length, which is passed over. */
  piece(length) {
    const start = this.at;
    if (!(length >= 0) || start + length > this.end) throw new RangeError("vector tile");
    this.at = start + length;
    return start;
  }

  message() {
    const start = this.piece(this.number());
    return new Reader(this.bytes, start, this.at);
  }

  numbers() {
    const inner = this.message();
    const out = [];
    while (inner.at < inner.end) out.push(inner.number());
    return out;
  }

  text() {
    const start = this.piece(this.number());
    return new TextDecoder().decode(this.bytes.subarray(start, this.at));
  }

  real(size) {
    const start = this.piece(size);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + start, size);
    return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  skip() {
    if (this.wire === 0) this.number();
    else if (this.wire === 1) this.piece(8);
    else if (this.wire === 2) this.piece(this.number());
    else if (this.wire === 5) this.piece(4);
    else throw new RangeError("vector tile");
  }
}
