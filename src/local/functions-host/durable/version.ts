/**
 * Whether an instance belongs to a newer version of the app than this one (`versionMatchStrategy` CurrentOrOlder): such
 * an instance stays Pending, also when the app has no version at all (real-host: history-variants-and-misc).
 */
export function isNewerVersion(instanceVersion: string, appVersion: string): boolean {
  const [left, right] = [numbers(instanceVersion), numbers(appVersion)];
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return appVersion === "" && instanceVersion !== "";
}

const numbers = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10) || 0);
