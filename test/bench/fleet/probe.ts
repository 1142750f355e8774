import { benchFleet } from "./fleet";
import { playGoldpatch } from "./goldpatch";
import { measure, orderOf } from "./measure";
import { clairvoyant, ideal } from "./references";
export const tallyOf = new Map<string, number>();
void (async () => {
  const vms = Number(process.argv[2] ?? 300);
  const fleet = benchFleet(vms, Number(process.argv[3] ?? 1));
  const began = performance.now();
  const names = new Map<string, number>();
  const played = await playGoldpatch(fleet, (name: string) => names.set(name, (names.get(name) ?? 0) + 1));
  const i = ideal(orderOf(fleet, played));
  const m = measure(fleet, played);
  console.log(
    JSON.stringify({
      ...m,
      ratio: m.makespanSeconds / i,
      ideal: Math.round(i),
      clair: Math.round(clairvoyant(fleet.truths)),
      wall: (performance.now() - began) / 1000,
      rss: process.resourceUsage().maxRSS / 1024,
    }),
  );
  console.log(Object.fromEntries([...names].map(([k, v]) => [k, v / vms]).sort()));
  const calls = new Map<string, number>();
  const posts: Record<string, number[]> = { assessPatches: [], installPatches: [] };
  for (const { t, method, path } of played.transcript) {
    if (Date.parse(t) < played.startedAt) continue;
    const key =
      method +
      " " +
      (path.includes("ResourceGraph")
        ? "graph"
        : path.includes("/operations/")
          ? "op"
          : path.includes("assessPatches")
            ? "assess"
            : path.includes("installPatches")
              ? "install"
              : path.includes("instanceView")
                ? "iv"
                : "vm");
    calls.set(key, (calls.get(key) ?? 0) + 1);
    const kind = /assessPatches|installPatches/.exec(path)?.[0];
    if (kind && method === "POST") posts[kind]?.push((Date.parse(t) - played.startedAt) / 1000);
  }
  console.log(Object.fromEntries([...calls].map(([k, v]) => [k, v / vms])));
  const step = 30;
  for (const [k, ts] of Object.entries(posts)) {
    const hist: number[] = [];
    for (const t of ts) hist[Math.floor(t / step)] = (hist[Math.floor(t / step)] ?? 0) + 1;
    console.log(k, "last", Math.max(...ts), Array.from(hist, (h) => h ?? 0).join(" "));
  }
})();
