import { z } from "zod";
import { formatScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { wordsOf } from "../answers";
import type { Arm } from "../arm";
import { answerOf, type Answer } from "./answers";

/** Stable version of Maintenance configurations and assignments (azure-rest-api-specs: Microsoft.Maintenance). */
export const MAINTENANCE_API = "2023-04-01";

const text = z.string().transform(wordsOf);
const configuration = z
  .looseObject({
    id: z.string(),
    location: z.string(),
    properties: z.looseObject({
      maintenanceScope: text.nullish(),
      maintenanceWindow: z
        .looseObject({
          startDateTime: text,
          expirationDateTime: text.nullish(),
          duration: text,
          timeZone: text,
          recurEvery: text,
        })
        .nullish(),
      installPatches: z.looseObject({}).nullish(),
    }),
  })
  .transform(({ id, location, properties }) => ({
    id,
    location,
    maintenanceScope: properties.maintenanceScope ?? null,
    window: properties.maintenanceWindow ?? null,
    installPatches: properties.installPatches ?? null,
  }));
export type Schedule = z.infer<typeof configuration>;

const page = z.looseObject({ value: z.array(configuration), nextLink: z.string().nullish() });
/** Far more than the 250 of a region, of which there are some 60. */
const MOST_PAGES = 50;

/** Creates the maintenance configuration, or makes it what the body says (MaintenanceConfigurations, Create Or Update). */
export const putSchedule = (arm: Arm, id: ScheduleId, body: object): Promise<Answer<Schedule>> =>
  answerOf(async () => configuration.parse(await arm.send(id.subscriptionId, "PUT", pathOf(id), body)));

export const readSchedule = (arm: Arm, id: ScheduleId): Promise<Answer<Schedule>> =>
  answerOf(async () => configuration.parse(await arm.send(id.subscriptionId, "GET", pathOf(id))));

/** Deleting what is not there is done too. */
export const deleteSchedule = (arm: Arm, id: ScheduleId): Promise<Answer<undefined>> =>
  answerOf(async () => {
    await arm.send(id.subscriptionId, "DELETE", pathOf(id));
    return undefined;
  });

/** All maintenance configurations of a subscription, those of other scopes too. */
export const listSchedules = (arm: Arm, subscriptionId: string): Promise<Answer<Schedule[]>> =>
  answerOf(async () => {
    const all: Schedule[] = [];
    let next: string | undefined =
      `/subscriptions/${subscriptionId}/providers/Microsoft.Maintenance/maintenanceConfigurations?api-version=${MAINTENANCE_API}`;
    for (let pages = 0; next !== undefined && pages < MOST_PAGES; pages += 1) {
      const read: z.infer<typeof page> = page.parse(await arm.send(subscriptionId, "GET", next));
      all.push(...read.value);
      next = read.nextLink || undefined;
    }
    return all;
  });

const pathOf = (id: ScheduleId): string => `${formatScheduleId(id)}?api-version=${MAINTENANCE_API}`;
