import { hash } from "node:crypto";

/**
 * Variation by seed. Every draw is named by its purpose and depends on nothing else, so neither the order of requests
 * nor another machine's behaviour changes it.
 */
export class Chance {
  readonly #root: string;

  constructor(seed: number) {
    this.#root = String(seed);
  }

  /** A number in [0, 1). */
  fraction(...purpose: readonly (string | number)[]): number {
    return this.#digest(purpose).readUIntBE(0, 6) / 2 ** 48;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number, ...purpose: readonly (string | number)[]): number {
    return least + Math.floor(this.fraction(...purpose) * (most - least + 1));
  }

  guid(...purpose: readonly (string | number)[]): string {
    const hex = this.#digest(purpose).toString("hex");
    const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? "8";
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** `length` characters of base64url, as in signatures and certificates. */
  opaque(length: number, ...purpose: readonly (string | number)[]): string {
    let text = "";
    for (let part = 0; text.length < length; part++) text += this.#digest([...purpose, part]).toString("base64url");
    return text.slice(0, length);
  }

  #digest(purpose: readonly (string | number)[]): Buffer {
    return hash("sha256", [this.#root, ...purpose].join("\u0000"), "buffer");
  }
}
