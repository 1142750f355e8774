import { systemClock } from "../../clock";
import type { HostClock } from "./host-clock";

/** The wall clock. Nothing can hold it. */
export const realClock: HostClock = { ...systemClock, hold: () => () => undefined };
