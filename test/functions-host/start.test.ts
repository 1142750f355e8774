import { afterEach, describe, expect, test } from "@jest/globals";
import { isAbsolute } from "node:path";
import type { TestHost } from "./support/outside";
import { appFile, bundled, loadOutside } from "./support/load";

const outside = loadOutside();
let open: TestHost[] = [];

const start = async (main: string, more: Partial<Parameters<typeof outside.openHost>[0]> = {}) => {
  const app = await outside.openHost({ main: isAbsolute(main) ? main : appFile(main), ...more });
  open.push(app);
  return app;
};

afterEach(async () => {
  await Promise.all(open.map((app) => app.close()));
  open = [];
});

describe("a host that cannot start says why, and what to do", () => {
  test.each([
    ["a missing entry file", "absent.cjs", "EntryFileMissing", /absent\.cjs does not exist\. Build the app first\./],
    [
      "an app that throws while it loads",
      "throws.cjs",
      "AppThrewAtLoad",
      /throws\.cjs threw while it loaded: no settings/,
    ],
    ["an app that registers nothing", "nothing.cjs", "NoFunctions", /registered no function/],
    ["an entity", "entity.cjs", "FunctionNotOffered", /"counter" uses the binding type "entityTrigger"/],
    ["a queue trigger", "queue.cjs", "FunctionNotOffered", /"onQueue" uses the binding type "queueTrigger"/],
    ["a route that it cannot read", "bad-route.cjs", "RouteInvalid", /"odd" has the route "items\/\{id:regex\(x\)\}"/],
    ["a schedule that it cannot read", "bad-schedule.cjs", "ScheduleInvalid", /"often" has the schedule/],
  ])("%s", async (_, main, code, message) => {
    await expect(start(main)).rejects.toMatchObject({
      name: "HostStartError",
      code,
      message: expect.stringMatching(message),
    });
  });

  test("the app's own error is the cause", async () => {
    await expect(start("throws.cjs")).rejects.toMatchObject({ cause: { name: "RangeError", message: "no settings" } });
  });

  test("a taken port", async () => {
    const { host } = await start("triggers.cjs");
    const port = Number(new URL(host.url).port);
    await expect(start("triggers.cjs", { port })).rejects.toMatchObject({
      code: "PortTaken",
      message: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken. Stop the program`),
    });
  });
});

describe("a host that runs", () => {
  test("lists what the app registered", async () => {
    const { host } = await start("triggers.cjs");
    expect(host.functions).toEqual(
      expect.arrayContaining([
        { name: "ping", trigger: "httpTrigger", route: "ping", methods: ["GET"] },
        { name: "item", trigger: "httpTrigger", route: "items/{id:int}", methods: ["GET"] },
        { name: "onEvent", trigger: "eventGridTrigger" },
        { name: "hello", trigger: "orchestrationTrigger" },
        { name: "echo", trigger: "activityTrigger" },
      ]),
    );
  });

  test("runs an app that was bundled as it is deployed", async () => {
    const { host, call } = await start(bundled("triggers.cjs"));
    expect(host.functions.length).toBeGreaterThan(20);
    expect(await call("/api/ping")).toMatchObject({ status: 200, body: { ok: 1 } });
  });

  test("runs on the wall clock", async () => {
    const host = await outside.startFunctionsHost({ main: appFile("triggers.cjs"), clock: outside.realClock });
    const url = `${host.url}/runtime/webhooks/durabletask/orchestrators/hello/r?code=${host.systemKey}`;
    await outside.send(url, "POST", {}, '"now"');
    await host.idle();
    expect(host.status("r")).toMatchObject({ runtimeStatus: "Completed", output: { hello: "now" } });
    await host.close();
  });

  test("has new keys with every start, and loads the app afresh", async () => {
    const first = await start("triggers.cjs");
    await first.start("counts", "fresh");
    await first.host.idle();
    expect((await first.call("/api/counts")).body).toEqual({ fresh: 1 });
    const second = await start("triggers.cjs");
    expect((await second.call("/api/counts")).body).toEqual({});
    expect(second.host.systemKey).not.toBe(first.host.systemKey);
    expect(second.host.functionKey).not.toBe(second.host.systemKey);
  });

  test("leaves nothing behind when it is closed", async () => {
    const hostname = () => outside.environment()["WEBSITE_HOSTNAME"];
    const before = hostname();
    const app = await start("triggers.cjs");
    expect(hostname()).toBe(new URL(app.host.url).host);
    await app.start("month", null, "m");
    await app.close();
    expect(hostname()).toBe(before);
    await expect(app.call("/api/ping")).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN/) });
    open = [];
  });
});
