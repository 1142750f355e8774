import { afterAll, beforeAll, jest } from "@jest/globals";
import { systemClock } from "../../src/clock";
import { connectTable } from "../../src/store/table-connection";
import { TablesStore } from "../../src/store/tables";
import { startAzurite, type Azurite } from "../support/azurite";
import { describeLostAnswers } from "./lost-answers";
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
const settings = () => ({ endpoint: azurite.endpoint, credential: noCredential });
let tables = 0;
const newTable = (): string => `test${++tables}`;

describeStore("TablesStore on Azurite", () => new TablesStore(connectTable(settings(), newTable()), systemClock), 20);

describeLostAnswers((transport) => {
  const table = newTable();
  return [connectTable({ ...settings(), transport }, table), connectTable(settings(), table)];
});
