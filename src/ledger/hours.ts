/** The hour of an instant, such as 2026-11-24T05; hours sort as their texts do. */
export const hourOf = (instant: number): string => new Date(instant).toISOString().slice(0, 13);

/** When the hour begins, in milliseconds since the epoch. */
export const startOfHour = (hour: string): number => Date.parse(`${hour}:00:00Z`);
