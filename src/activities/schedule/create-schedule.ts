import type { CreateScheduleBody, ScheduleAnswer, ScheduleView } from "../../contracts/api/schedules";
import { configurationBody } from "../../domain/maintenance/configuration";
import { problemWithLeadTime } from "../../domain/maintenance/lead-time";
import { MOST_SCHEDULES } from "../../domain/maintenance/limits";
import {
  canonicalScheduleId,
  formatScheduleId,
  problemWithName,
  type ScheduleId,
} from "../../domain/maintenance/schedule-id";
import { nextWindowStarts, parseLocalTime, readWindow } from "../../domain/maintenance/window";
import { sameText } from "../../domain/text";
import { closedSwitch, failureOf, type ScheduleDeps } from "./deps";
import { viewOf } from "./show-schedule";

/** Creates a schedule, or makes it what was asked for: first all rules that need no call, then those that do. */
export async function createSchedule(
  deps: ScheduleDeps,
  id: ScheduleId,
  body: CreateScheduleBody,
): Promise<ScheduleAnswer<ScheduleView>> {
  const { maintenance, clock, schedules, logs } = deps;
  const wrong: string[] = [];
  const name = problemWithName(id);
  if (name !== undefined) wrong.push(`scheduleId: ${name}`);
  const reading = readWindow(body.window);
  if (reading.kind === "refused") {
    wrong.push(
      ...reading.problems.map(({ field, value, rule }) => `window.${field}: ${JSON.stringify(value)}: ${rule}`),
    );
  }
  const { expirationDateTime } = body;
  if (expirationDateTime !== undefined && !parseLocalTime(expirationDateTime)) {
    wrong.push(`expirationDateTime: ${JSON.stringify(expirationDateTime)}: write it as "2027-12-01 22:00"`);
  }
  if (reading.kind === "refused" || wrong.length > 0) return { kind: "invalid", detail: wrong.join("; ") };

  const [first] = nextWindowStarts(reading.window, 1);
  if (!first) return { kind: "invalid", detail: `window.recurEvery: "${body.window.recurEvery}": it never starts` };
  // A start that has passed is where the counting begins: the next one counts.
  const [next = first] = nextWindowStarts(reading.window, 1, clock.now());
  const soon = problemWithLeadTime(Date.parse(next.utc), clock.now(), body.maintenanceEvents ?? false);
  if (soon !== undefined) return { kind: "invalid", detail: `window.startDateTime: ${soon}` };

  const closed = await closedSwitch(deps);
  if (closed !== undefined) return { kind: "refused", message: closed };
  const listed = await maintenance.listSchedules(id.subscriptionId);
  if (listed.kind !== "done") return failureOf(listed);
  const others = listed.value.filter(
    (one) => !sameText(one.id, formatScheduleId(id)) && plain(one.location) === plain(body.location),
  );
  if (others.length >= MOST_SCHEDULES) {
    const detail = `${others.length} schedules are in ${body.location} already: a subscription has at most ${MOST_SCHEDULES} in a region`;
    return { kind: "invalid", detail: `location: ${detail}` };
  }
  const put = await maintenance.putSchedule(
    id,
    configurationBody({
      location: body.location,
      window: reading.window.text,
      install: body.install ?? {},
      ...(expirationDateTime !== undefined && { expirationDateTime }),
    }),
  );
  if (put.kind !== "done") return failureOf(put);
  await schedules.note({ scheduleId: canonicalScheduleId(id), window: reading.window.text });
  logs.scheduleChanged({ scheduleId: formatScheduleId(id), change: "created" });
  return { kind: "done", value: viewOf(put.value, clock.now()) };
}

const plain = (location: string): string => location.toLowerCase().replaceAll(" ", "");
