import { Chance } from "../../../src/local/simulated-azure/chance";

/** Draws by seed. Each is named by its purpose and depends on nothing else. */
export class Draw {
  readonly #chance: Chance;
  readonly #purpose: readonly (string | number)[];

  constructor(seed: number, ...purpose: readonly (string | number)[]) {
    this.#chance = new Chance(seed);
    this.#purpose = purpose;
  }

  happens(probability: number, ...purpose: readonly (string | number)[]): boolean {
    return this.#chance.fraction(...this.#purpose, ...purpose) < probability;
  }

  /** Both bounds included. */
  between(least: number, most: number, ...purpose: readonly (string | number)[]): number {
    return this.#chance.between(least, most, ...this.#purpose, ...purpose);
  }

  pick<const T>(choices: readonly [T, ...T[]], ...purpose: readonly (string | number)[]): T {
    return choices[this.between(0, choices.length - 1, "pick", ...purpose)] ?? choices[0];
  }
}
