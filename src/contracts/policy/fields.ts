import { z } from "zod";
import { shareOf } from "../../domain/policy/amount";
import { policyDurationMs } from "../../domain/policy/duration";
import type { TagValues } from "../../domain/policy/policy";
import { weekdays } from "../../domain/window/calendar";

// Messages continue `field: "value": `, so each is what to write instead.

/** Policies list what somebody wrote by hand; more than this was generated, and nobody can review it. */
export const MOST_ITEMS = 200;

export const whole = (least: number, most: number) => {
  const message = `write a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};

export const name = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "write 1 to 63 lower-case letters, digits and hyphens, such as linux-weekly",
  );

export const list = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_ITEMS, `list at most ${MOST_ITEMS}`);
export const filledList = <T extends z.ZodType>(item: T) => list(item).min(1, "leave it out or list at least one");

export const weekday = z.enum(weekdays).meta({ title: "weekday" });

export const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write a time from "00:00" to "23:59", with two digits each')
  .meta({ title: "time" });
export const endTime = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write a time from "00:00" to "24:00", with two digits each')
  .meta({ title: "time" });

/** @param least and `most`: ISO 8601, themselves allowed */
export const duration = (least: string, most: string) => {
  const [from = 0, to = 0] = [least, most].map(policyDurationMs);
  const message = `write an ISO 8601 duration from ${least} to ${most}, such as PT1H30M or P2D`;
  const isWithin = (text: string) => {
    const length = policyDurationMs(text);
    return length !== undefined && length >= from && length <= to;
  };
  return z
    .string()
    .check(z.regex(/^P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/, { error: message, abort: true }))
    .refine(isWithin, message)
    .meta({ title: "duration" });
};

/** No fleet of one subscription is larger, and no sum of such numbers is inexact. */
const MOST_VMS = 1_000_000;
const WHOLE = 10_000;

/** @param least the least number; a share may be nothing only where the number may */
export const amount = (least: 0 | 1) => {
  const message = `write a number of VMs from ${least} to ${MOST_VMS}, or a share up to "100%" with at most two decimals${least === 0 ? "" : ", and not 0%"}`;
  const isShare = (text: string) => {
    const hundredths = shareOf(text);
    return hundredths !== undefined && hundredths >= least && hundredths <= WHOLE;
  };
  const share = z.templateLiteral([z.number(), "%"]).refine(isShare, message).meta({ title: "share" });
  return z.union([z.int(message).min(least, message).max(MOST_VMS, message), share], { error: message });
};

/** Azure's limits of a tag's name and value (Resource Manager: tag resources). */
const tagName = z.string().min(1, "name a tag").max(512, "a tag's name has at most 512 characters");
const tagValue = z.string().max(256, "a tag's value has at most 256 characters");

export const tagValues: z.ZodType<TagValues, Record<string, string[]>> = z
  .record(tagName, filledList(tagValue))
  .refine((tags) => Object.keys(tags).length <= MOST_ITEMS, `list at most ${MOST_ITEMS}`);

/** An https address without login whose host name is fixed. */
export const httpsUrl = z.string().max(2000, "write an address of at most 2000 characters").refine(isHttps, {
  error: "write an https address with a host name and no login, such as https://hooks.example.com/patching",
  abort: true,
});

function isHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash, hostname } = new URL(text);
  return protocol === "https:" && username + password + hash === "" && !/[{}]|%7b/i.test(hostname);
}
