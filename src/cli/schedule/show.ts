import { formatScheduleId } from "../../domain/maintenance/schedule-id";
import { nothing, one } from "../argument";
import { command } from "../command";
import type { HostClient } from "../host-client";
import type { Given } from "../options";
import { openToRead } from "../own-host";
import type { Target } from "../target";
import { tellWhere } from "../where";
import { listText, scheduleText } from "./schedule-text";
import { lookOptions, scheduleArgument, scheduleTarget, SCHEMA_VERSION } from "./schedule-target";

export const showCommand = command(
  "schedule show",
  "Tells all about a schedule: its window and next starts, its machines, and how its runs went. Changes nothing.",
  one(scheduleArgument),
  lookOptions,
  async (id, given) =>
    look(scheduleTarget(given, [id]), given, async (client) => {
      const schedule = await client.schedule(formatScheduleId(id));
      return given.json ? document({ schedule }) : scheduleText(schedule);
    }),
);

export const listCommand = command(
  "schedule list",
  "Lists the schedules in scope with their next starts. Changes nothing.",
  nothing,
  lookOptions,
  async (_, given) =>
    look(scheduleTarget(given, []), given, async (client) => {
      const schedules = await client.schedules();
      return given.json ? document({ schedules }) : listText(schedules);
    }),
);

export const document = (content: object): string =>
  `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...content })}\n`;

async function look(
  target: Target,
  given: Given<typeof lookOptions>,
  read: (client: HostClient) => Promise<string>,
): Promise<number> {
  await tellWhere(target);
  const host = await openToRead(target, given);
  try {
    process.stdout.write(await read(host.client));
    return 0;
  } finally {
    await host.close();
  }
}
