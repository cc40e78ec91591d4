/**
 * Transverse Mercator of Gauß and Krüger, by series to the fourth power of n: good to a millimetre within a belt.
 *
 * @typedef {object} Gauss angles in degrees, lengths in metres
 * @property {number} lon0
 * @property {number} lat0
 * @property {number} scale
 * @property {number} east0
 * @property {number} north0
 * @property {number} axis
 * @property {number} flattening
 */

const RADIANS = Math.PI / 180;

export class Projection {
  /** @param {Gauss} gauss */
  constructor(gauss) {
    const { flattening, axis, scale } = gauss;
    const n = flattening / (2 - flattening);
    const [n2, n3, n4] = [n ** 2, n ** 3, n ** 4];
    this.gauss = gauss;
    this.e = Math.sqrt(flattening * (2 - flattening));
    this.length = ((scale * axis) / (1 + n)) * (1 + n2 / 4 + n4 / 64);
    this.forth = [
      n / 2 - (2 * n2) / 3 + (5 * n3) / 16 + (41 * n4) / 180,
      (13 * n2) / 48 - (3 * n3) / 5 + (557 * n4) / 1440,
      (61 * n3) / 240 - (103 * n4) / 140,
      (49561 * n4) / 161280,
    ];
    this.back = [
      n / 2 - (2 * n2) / 3 + (37 * n3) / 96 - n4 / 360,
      n2 / 48 + n3 / 15 - (437 * n4) / 1440,
      (17 * n3) / 480 - (37 * n4) / 840,
      (4397 * n4) / 161280,
    ];
    this.latitude = [
      2 * n - (2 * n2) / 3 - 2 * n3 + (116 * n4) / 45,
      (7 * n2) / 3 - (8 * n3) / 5 - (227 * n4) / 45,
      (56 * n3) / 15 - (136 * n4) / 35,
      (4279 * n4) / 630,
    ];
    this.start = this.turned(0, gauss.lat0 * RADIANS)[0];
  }

  /** @returns {[number, number]} northing and easting on the unit sphere of the projection */
  turned(lambda, phi) {
    const sine = Math.sin(phi);
    const t = Math.sinh(Math.atanh(sine) - this.e * Math.atanh(this.e * sine));
    const xi = Math.atan2(t, Math.cos(lambda));
    const eta = Math.atanh(Math.sin(lambda) / Math.sqrt(1 + t * t));
    return series(this.forth, xi, eta, 1);
  }

  /**
   * @param {number} lon degrees
   * @param {number} lat degrees
   * @returns {[number, number]} easting, northing [m]
   */
  metres(lon, lat) {
    const { lon0, east0, north0 } = this.gauss;
    const [xi, eta] = this.turned((lon - lon0) * RADIANS, lat * RADIANS);
    return [east0 + this.length * eta, north0 + this.length * (xi - this.start)];
  }

  /**
   * @param {number} east metres
   * @param {number} north metres
   * @returns {[number, number]} longitude, latitude [°]
   */
  degrees(east, north) {
    const { lon0, east0, north0 } = this.gauss;
    const [xi, eta] = series(this.back, (north - north0) / this.length + this.start, (east - east0) / this.length, -1);
    const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
    const phi = this.latitude.reduce((sum, factor, j) => sum + factor * Math.sin(2 * (j + 1) * chi), chi);
    return [lon0 + Math.atan2(Math.sinh(eta), Math.cos(xi)) / RADIANS, phi / RADIANS];
  }
}

function series(factors, xi, eta, sign) {
  let [a, b] = [xi, eta];
  factors.forEach((factor, j) => {
    const k = 2 * (j + 1);
    a += sign * factor * Math.sin(k * xi) * Math.cosh(k * eta);
    b += sign * factor * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return [a, b];
}
