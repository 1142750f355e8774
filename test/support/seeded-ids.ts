import crypto from "node:crypto";
import { Chance } from "../../src/local/simulated-azure/chance";

const { randomUUID } = crypto;

/**
 * Ids that the app draws follow from the seed: runs spread their looks by them, so without this no course could be
 * played twice. Answers how to give chance back.
 */
export function seedIds(seed: number): () => void {
  const chance = new Chance(seed);
  let drawn = 0;
  Reflect.set(crypto, "randomUUID", () => chance.guid("id", drawn++));
  return () => void Reflect.set(crypto, "randomUUID", randomUUID);
}
