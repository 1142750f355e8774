import { createScheduleBody, type CreateScheduleBody } from "../../contracts/api/schedules";
import { rebootSettings, type RebootSetting } from "../../domain/install/options";
import { formatScheduleId, problemWithName, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { nextWindowStarts, parseLocalTime } from "../../domain/maintenance/window";
import { one } from "../argument";
import { command } from "../command";
import { flag, list, oneOf, text, type Given } from "../options";
import { refusedOption } from "../refused-option";
import { UsageError } from "../usage-error";
import { change } from "./change";
import { previewText } from "./preview";
import { document } from "./show";
import { changeOptions, scheduleArgument, scheduleTarget } from "./schedule-target";
import { scheduleText } from "./schedule-text";
import { windowOf, windowOptions } from "./window-options";

/** What a schedule installs, on machines of both systems. */
const installOptions = {
  reboot: oneOf<RebootSetting>(rebootSettings, "Whether machines may reboot; Never if absent."),
  "windows-classifications": list("WORD,WORD", "What to install on Windows; Critical,Security if nothing is named."),
  "linux-classifications": list("WORD,WORD", "What to install on Linux; Critical,Security if nothing is named."),
  "include-kbs": list("KB,KB", "Windows: these too, such as KB5034441."),
  "exclude-kbs": list("KB,KB", "Windows: not these."),
  "exclude-kbs-requiring-reboot": flag("Windows: nothing that needs a reboot."),
  "include-packages": list("MASK,MASK", "Linux: these packages too, such as openssl*."),
  "exclude-packages": list("MASK,MASK", "Linux: not these, such as kernel*."),
};

/** Which option a field of the API comes from. */
const FLAGS = {
  "install.windows.classificationsToInclude": "windows-classifications",
  "install.windows.kbNumbersToInclude": "include-kbs",
  "install.windows.kbNumbersToExclude": "exclude-kbs",
  "install.linux.classificationsToInclude": "linux-classifications",
  "install.linux.packageNameMasksToInclude": "include-packages",
  "install.linux.packageNameMasksToExclude": "exclude-packages",
};

const STARTS = 5;

export const createCommand = command(
  "schedule create",
  "Creates a schedule, or changes the one that is there: a maintenance configuration with the scope InGuestPatch.",
  one(scheduleArgument),
  {
    location: text("REGION", "The region of the maintenance configuration, such as westeurope."),
    ...windowOptions,
    expires: text("TIME", 'No start from then on, on the same clocks, such as "2027-12-01 22:00"; never if absent.'),
    events: flag("Maintenance events will be subscribed to: the first start must be 40 minutes away, not 15."),
    ...installOptions,
    ...changeOptions,
  },
  async (id, given) => {
    const window = windowOf(given);
    const body = bodyOf(id, given, window.text);
    return change({
      target: scheduleTarget(given, [id]),
      given,
      look: "goldpatch schedule preview",
      effect: () =>
        Promise.resolve(`Creates ${formatScheduleId(id)}:\n${previewText(window, nextWindowStarts(window, STARTS))}`),
      async act(client) {
        const schedule = await client.createSchedule(body);
        process.stdout.write(given.json ? document({ schedule }) : scheduleText(schedule));
        return 0;
      },
    });
  },
);

/** The request. @throws UsageError for what Azure would refuse */
function bodyOf(
  id: ScheduleId,
  given: Given<typeof installOptions> & {
    readonly location?: string;
    readonly expires?: string;
    readonly events?: true;
  },
  window: CreateScheduleBody["window"],
): CreateScheduleBody {
  const { location, expires, events, reboot } = given;
  if (expires !== undefined && !parseLocalTime(expires)) {
    throw new UsageError(`--expires "${expires}": write it as "2027-12-01 22:00"`);
  }
  if (location === undefined) throw new UsageError("--location: missing; write --location westeurope");
  const name = problemWithName(id);
  if (name !== undefined) throw new UsageError(`SCHEDULE_ID ${name}`);
  const windows = {
    ...(given["windows-classifications"] && { classificationsToInclude: given["windows-classifications"] }),
    ...(given["include-kbs"] && { kbNumbersToInclude: given["include-kbs"] }),
    ...(given["exclude-kbs"] && { kbNumbersToExclude: given["exclude-kbs"] }),
    ...(given["exclude-kbs-requiring-reboot"] && { excludeKbsRequiringReboot: true }),
  };
  const linux = {
    ...(given["linux-classifications"] && { classificationsToInclude: given["linux-classifications"] }),
    ...(given["include-packages"] && { packageNameMasksToInclude: given["include-packages"] }),
    ...(given["exclude-packages"] && { packageNameMasksToExclude: given["exclude-packages"] }),
  };
  const parsed = createScheduleBody.safeParse({
    scheduleId: formatScheduleId(id),
    location,
    window,
    install: { ...(reboot && { rebootSetting: reboot }), ...blockOf("windows", windows), ...blockOf("linux", linux) },
    ...(expires !== undefined && { expirationDateTime: expires }),
    ...(events && { maintenanceEvents: true }),
  });
  if (parsed.success) return parsed.data;
  throw refusedOption(parsed.error, FLAGS, given);
}

const blockOf = (name: string, block: object) => (Object.keys(block).length > 0 ? { [name]: block } : {});
