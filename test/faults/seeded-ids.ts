import crypto from "node:crypto";
import { Chance } from "../../src/local/simulated-azure/chance";

/** Ids that the app draws follow from the seed too, or no seed could be replayed. Answers how to give chance back. */
export function seedIds(seed: number): () => void {
  const { randomUUID } = crypto;
  const chance = new Chance(seed);
  let drawn = 0;
  Reflect.set(crypto, "randomUUID", () => chance.guid("id", drawn++));
  return () => void Reflect.set(crypto, "randomUUID", randomUUID);
}
