import { describe, expect, it } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import { COLUMNS } from "../../src/local/simulated-azure/graph/row";
import { TABLE_COLUMNS } from "../../src/local/simulated-azure/graph/tables";
import { Planner } from "../../src/local/simulated-azure/kql/plan";

declare const requireOutsideJest: (file: string) => unknown;

interface KustoLanguage {
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: unknown[]) => unknown };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: unknown,
    ): { GetDiagnostics(): { readonly Count: number; getItem(index: number): { readonly Message: string } } };
  };
}

/** Microsoft's own analyser, with the tables of Resource Graph declared to it. */
function loadKusto(): (query: string) => string[] {
  for (const file of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
    requireOutsideJest(require.resolve(`@kusto/language-service-next/${file}`));
  }
  const { Kusto } = requireOutsideJest.call(undefined, require.resolve("./outer-global.cjs")) as {
    Kusto: { Language: KustoLanguage };
  };
  const { Symbols, GlobalState, KustoCode } = Kusto.Language;
  const dynamic = new Set(["sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation"]);
  const schema = COLUMNS.map((name) => `['${name}']:${dynamic.has(name) ? "dynamic" : "string"}`).join(", ");
  const tables = [...TABLE_COLUMNS.keys()].map((name) => Symbols.TableSymbol.From(`(${schema})`).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("arg", tables));
  return (query) => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
  };
}

const FILES = globSync("src/azure/**/*.kql").sort();
const sent = (file: string): string =>
  readFileSync(file, "utf8")
    .replaceAll(/'\{\{\w+\}\}'/g, "'a'")
    .replaceAll("{{imageId}}", "'/a'")
    .replaceAll(/\{\{\w+\}\}/g, "'/a', '/b'");

/** Queries of facts/azure.md §3.4 and §4.2, which an operator may bring along. */
const DOCUMENTED = [
  `patchassessmentresources
  | where type in~ ('microsoft.compute/virtualmachines/patchassessmentresults','microsoft.hybridcompute/machines/patchassessmentresults')
  | parse id with machineId '/patchAssessmentResults' *
  | extend machineId = tolower(machineId)
  | where machineId in ('/a', '/b')
  | project id, machineId, assessmentName = name, osType = tostring(properties.osType), status = tostring(properties.status),
      supportState = tostring(properties.configurationStatus.vmGuestPatchReadiness.detectedVMGuestPatchSupportState),
      rebootPending = tobool(properties.rebootPending), counts = properties.availablePatchCountByClassification,
      startDateTime = todatetime(properties.startDateTime), errorDetails = properties.errorDetails
  | order by id asc`,
  `resources
  | where type =~ 'microsoft.compute/virtualmachines'
  | extend ir = properties.storageProfile.imageReference, osDisk = properties.storageProfile.osDisk
  | extend imageId = tolower(tostring(ir.id)), sharedId = tostring(ir.sharedGalleryImageId), communityId = tostring(ir.communityGalleryImageId), publisher = tostring(ir.publisher)
  | extend imageKind = case(
      isnotempty(communityId), 'communityGallery', isnotempty(sharedId), 'sharedGallery',
      imageId contains '/providers/microsoft.compute/galleries/', 'gallery', imageId contains '/providers/microsoft.compute/images/', 'managedImage',
      isnotempty(publisher), 'marketplace', tostring(osDisk.createOption) =~ 'Attach', 'attachedDisk', 'unknown')
  | where imageKind !in ('marketplace') and isempty(tostring(properties.virtualMachineScaleSet.id))
  | project id, name, tags, imageKind, imageId, powerState = tostring(properties.extended.instanceView.powerState.code),
      patchMode = coalesce(tostring(properties.osProfile.windowsConfiguration.patchSettings.patchMode), tostring(properties.osProfile.linuxConfiguration.patchSettings.patchMode)),
      timeCreated = todatetime(properties.timeCreated)
  | order by id asc`,
];

describe("the project's queries", () => {
  const diagnostics = loadKusto();

  it("are there", () => expect(FILES.length).toBeGreaterThan(0));

  it("would be refused with an unknown column", () => {
    expect(diagnostics("resources | project nonsense")).not.toEqual([]);
  });

  it.each(FILES)("%s is sound in the eyes of Microsoft's analyser", (file) => {
    expect(diagnostics(sent(file))).toEqual([]);
  });

  it.each([
    ...FILES.map((file) => [file, sent(file)]),
    ...DOCUMENTED.map((query, index) => [`documented ${index}`, query]),
  ])("%s can be evaluated", (_, query) => {
    expect(() => new Planner(TABLE_COLUMNS).plan(query).run([])).not.toThrow();
  });

  it.each(DOCUMENTED)("documented query %# is sound too", (query) => {
    expect(diagnostics(query)).toEqual([]);
  });
});
