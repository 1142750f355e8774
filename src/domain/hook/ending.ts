import type { OutcomeCode } from "../outcome/table";
import { isHarm } from "../sweep/harm";

interface Ending {
  readonly code: OutcomeCode;
  readonly detail?: string;
}

/** How a run ends whose hook after the VM said no: it counts as failed, and what became of it stands in the detail. */
export function afterVmRefused({ code, detail }: Ending, reason: string): Ending {
  const refusal = `hook afterVm: ${reason}`;
  // It counts as failed already, and says better why.
  if (isHarm(code, 0)) return { code, detail: joined(detail, refusal) };
  return { code: "AfterVmRefused", detail: joined(refusal, `the run itself: ${joined(code, detail)}`) };
}

/** How a run ends that started its VM and could not deallocate it again. */
export function leftRunning({ code, detail }: Ending, reason: string): Ending {
  const words = joined(detail, `the run started the VM and could not deallocate it: ${reason}`);
  return { code: code === "Patched" ? "LeftRunning" : code, detail: words };
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join("; ");
