import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const VM_ID =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-stub/providers/Microsoft.Compute/virtualMachines/vm-stub";
const SUBSCRIPTION = "/subscriptions/11111111-2222-4333-8444-555555555555";
const ASSESS_ID = "aaaaaaaa-0000-4000-8000-000000000001";
const INSTALL_ID = "bbbbbbbb-0000-4000-8000-000000000002";

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/**
 * Speaks just enough of Azure Resource Manager for one VM, on the wall clock. Written from the documents and recordings in
 * facts/azure.md alone: it shares nothing with simulated Azure, so that what passes here is no agreement of ours with
 * ourselves.
 */
export class ArmStub {
  /** `METHOD path`, without query. */
  readonly requests: string[] = [];
  readonly tokens = new Set<string>();
  readonly #server: Server;
  #assessedAt = "";

  private constructor() {
    this.#server = createServer((request, response) => {
      void textOf(request).then((body) => {
        const { status = 200, headers = {}, body: answer } = this.#answer(request, body);
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(answer === undefined ? "" : JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<ArmStub> {
    const stub = new ArmStub();
    await new Promise<void>((listening) => stub.#server.listen(0, "127.0.0.1", listening));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed());
      this.#server.closeAllConnections();
    });
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, body: string): Answer {
    const { pathname } = new URL(url, this.url);
    this.requests.push(`${method} ${pathname}`);
    this.tokens.add(headers.authorization ?? "");
    const route = `${method} ${pathname.toLowerCase()}`;
    const vm = VM_ID.toLowerCase();
    switch (route) {
      case `GET ${vm}`:
        return { body: virtualMachine };
      case `GET ${vm}/providers/microsoft.authorization/permissions`:
        return { body: { value: granted } };
      case `GET ${SUBSCRIPTION}/providers/microsoft.authorization/permissions`:
        return { body: { value: granted, nextLink: "" } };
      case `GET ${SUBSCRIPTION}/providers/microsoft.compute`:
        return { body: { namespace: "Microsoft.Compute", registrationState: "Registered" } };
      case `POST ${vm}/assesspatches`:
        this.#assessedAt = new Date().toISOString();
        return this.#accepted(ASSESS_ID);
      case `POST ${vm}/installpatches`:
        return this.#accepted(INSTALL_ID);
      case `GET ${operations}/${ASSESS_ID}`:
        return { body: succeeded(ASSESS_ID, assessment) };
      case `GET ${operations}/${INSTALL_ID}`:
        return { body: succeeded(INSTALL_ID, installation) };
      case "POST /providers/microsoft.resourcegraph/resources":
        return this.#query(body);
      default:
        return { status: 404, body: { error: { code: "ResourceNotFound", message: `the stub knows no ${route}` } } };
    }
  }

  #accepted(operationId: string): Answer {
    const address = `${this.url}${operations}/${operationId}?p=1&api-version=2024-11-01`;
    return { status: 202, headers: { "azure-asyncoperation": address, location: `${address}&monitor=true` } };
  }

  /** The one assessment row, as the table holds it. */
  #query(body: string): Answer {
    const { query } = JSON.parse(body) as { query: string };
    const isKnown = query.includes("patchassessmentresources") && query.includes(VM_ID.toLowerCase());
    const row = {
      id: `${VM_ID}/patchAssessmentResults/latest`,
      name: "latest",
      type: "microsoft.compute/virtualmachines/patchassessmentresults",
      properties: {
        assessmentActivityId: ASSESS_ID,
        status: "Succeeded",
        startedBy: "User",
        startDateTime: this.#assessedAt,
        lastModifiedDateTime: new Date().toISOString(),
        availablePatchCountByClassification: { security: 1, other: 0 },
        configurationStatus: { vmGuestPatchReadiness: { detectedVMGuestPatchSupportState: "Supported" } },
      },
    };
    const data = isKnown && this.#assessedAt !== "" ? [row] : [];
    return { body: { totalRecords: data.length, count: data.length, resultTruncated: "false", facets: [], data } };
  }
}

/** Two roles' worth, as a list of assignments: Authorization, Permissions list. */
const granted = [
  { actions: ["Microsoft.Compute/virtualMachines/*/action", "Microsoft.Compute/locations/*"], notActions: [] },
  {
    actions: ["*/read"],
    notActions: ["Microsoft.Compute/virtualMachines/patchInstallationResults/read"],
    dataActions: [],
    notDataActions: [],
  },
];

const operations = `${SUBSCRIPTION}/providers/microsoft.compute/locations/westeurope/operations`;

const virtualMachine = {
  id: VM_ID,
  name: "vm-stub",
  type: "Microsoft.Compute/virtualMachines",
  location: "westeurope",
  properties: {
    vmId: "cccccccc-0000-4000-8000-000000000003",
    timeCreated: "2026-01-01T00:00:00+00:00",
    provisioningState: "Succeeded",
    storageProfile: {
      imageReference: {
        id: `${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/gallery/images/gold/versions/1.0.0`,
        exactVersion: "1.0.0",
      },
      osDisk: { osType: "Linux", createOption: "FromImage" },
    },
    osProfile: { computerName: "vm-stub", allowExtensionOperations: true, linuxConfiguration: {} },
    instanceView: {
      vmAgent: {
        vmAgentVersion: "2.12.0.2",
        statuses: [{ code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Ready" }],
      },
      statuses: [
        { code: "ProvisioningState/succeeded", level: "Info" },
        { code: "PowerState/running", level: "Info", displayStatus: "VM running" },
      ],
    },
  },
};

const assessment = {
  status: "Succeeded",
  assessmentActivityId: ASSESS_ID,
  rebootPending: false,
  criticalAndSecurityPatchCount: 1,
  otherPatchCount: 0,
};

const installation = {
  status: "Succeeded",
  installationActivityId: INSTALL_ID,
  rebootStatus: "NotNeeded",
  maintenanceWindowExceeded: false,
  excludedPatchCount: 0,
  notSelectedPatchCount: 0,
  pendingPatchCount: 0,
  installedPatchCount: 1,
  failedPatchCount: 0,
  patches: [],
  error: { code: "0", message: "0 error/s reported.", details: [] },
};

const succeeded = (name: string, output: object) => ({
  startTime: "2026-11-23T08:00:00+00:00",
  endTime: "2026-11-23T08:00:05+00:00",
  status: "Succeeded",
  properties: { output },
  name,
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
