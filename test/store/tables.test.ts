import { afterAll, beforeAll, jest } from "@jest/globals";
import { systemClock } from "../../src/clock";
import { connectTable } from "../../src/store/table-connection";
import { TablesStore } from "../../src/store/tables";
import { startAzurite, type Azurite } from "../support/azurite";
import { describeStore } from "./store-contract";

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
let tables = 0;
const newTable = () => connectTable({ endpoint: azurite.endpoint, credential: noCredential }, `test${++tables}`);

describeStore("TablesStore on Azurite", () => new TablesStore(newTable(), systemClock), 20);
