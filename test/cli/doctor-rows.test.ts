import { expect, test } from "@jest/globals";
import { readRows } from "../../src/cli/doctor/examine";
import { canonicalVmId } from "../../src/domain/machine/vm-id";
import { vmId } from "../azure/adapter-calls";
import { graph, THROTTLED } from "../azure/graph-stub";

const vms = Array.from({ length: 201 }, (_, index) => ({ ...vmId, name: `vm-${index}` }));
const rowOf = (machineId: string) => ({ id: `${machineId}/patchAssessmentResults/latest`, properties: {} });
const named = (query: string): string[] =>
  vms.map(canonicalVmId).filter((machineId) => query.includes(`'${machineId}'`));

test("the rows of more VMs than a query may name are read once more when one of the queries is throttled", async () => {
  const { arm, asked } = graph((turn, { query }) => (turn === 1 ? THROTTLED : { data: named(query).map(rowOf) }));
  const rows = await readRows(arm, vms);
  expect(rows.map((read) => read.kind === "read" && read.rows[0]?.machineId)).toEqual(vms.map(canonicalVmId));
  expect(asked.map(({ query }) => named(query).length)).toEqual([200, 1, 200, 1]);
});
