import type { SweepRequest } from "../contracts/orchestrations";
import { askUntilSettled } from "./ask-until-settled";
import type { Durable, Story } from "./durable";

/** Pages of a thousand VMs; a scope of more is left to the next slots rather than to an endless history. */
const MAX_PAGES = 100;

/**
 * One scheduled sweep over the scope.
 *
 * 1. Read the VMs from customized images, page by page.
 * 2. Start a run for each; a run id derives from slot and VM, so a repeated page starts nothing twice.
 */
export function* sweep(durable: Durable, request: SweepRequest): Story<{ started: number }> {
  let started = 0;
  let skipToken: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const input = { ...request, ...(skipToken !== undefined && { skipToken }) };
    const question = { activity: "releaseSweepPage", input, forgiving: true } as const;
    const released = yield* askUntilSettled(durable, question, `page-${page}`);
    started += released.started;
    if (released.kind === "last") break;
    skipToken = released.skipToken;
  }
  return { started };
}
