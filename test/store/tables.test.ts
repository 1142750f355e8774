import { afterAll, beforeAll, jest } from "@jest/globals";
import { systemClock } from "../../src/clock";
import { connectTable } from "../../src/store/table-connection";
import { TablesStore } from "../../src/store/tables";
import { startAzurite, type Azurite } from "../support/azurite";
import { describeLostAnswers } from "./lost-answers";
import { describeStore } from "./store-contract";

/*
 * Where Azurite 3.37.0 is not Azure Tables, seen in its source (node_modules/azurite/dist/src/table) and in these tests:
 * - An entity's 1 MiB is counted in bytes of UTF-8 for a single write (handlers/TableHandler.js, checkEntityLimit) and
 *   not at all in a batch; Azure counts UTF-16. We send batches only, and keep to Azure's count (src/store/limits.ts).
 * - One write at a time, in one thread (persistence/LokiTableMetadataStore.js): no ServerBusy, no time-out, no answer
 *   lost. tables-service.test.ts and lost-answers.ts make those.
 * - A page is short only when it is the last; Azure may answer an empty one and go on (tables-service.test.ts).
 * - A shared key over http. Tokens want https there: tables-service.test.ts sees who gets one.
 */

// Some tests send thousands of requests.
jest.setTimeout(60_000);

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const noCredential = (): never => {
  throw new Error("a credential was made for Azurite");
};
const settings = () => ({ endpoint: azurite.endpoint, credential: noCredential });
let tables = 0;
const newTable = (): string => `test${++tables}`;

describeStore("TablesStore on Azurite", () => new TablesStore(connectTable(settings(), newTable()), systemClock), 20);

describeLostAnswers(() => {
  const table = newTable();
  return (transport) => connectTable({ ...settings(), ...(transport && { transport }) }, table);
});
