import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Report } from "../badpatch/report";
import { badPatchPlot, fleetPlot, type FleetReport } from "./plots";

/** `npm run bench:plots` draws docs/bench/*.svg from the benches' JSON beside them. */

const FOLDER = path.resolve("docs/bench");
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), "utf8"));

function write(name: string, svg: string): void {
  writeFileSync(path.join(FOLDER, `${name}.svg`), svg);
  process.stderr.write(`wrote docs/bench/${name}.svg\n`);
}

write("fleet", fleetPlot(read("fleet") as FleetReport));
write("badpatch", badPatchPlot(read("badpatch") as Report));
