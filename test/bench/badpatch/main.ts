import { badPatchFleet, RATES } from "./fleet";
import { playGoldpatch } from "./goldpatch";
import { playNaive, playThreshold } from "./loops";
const [vms, seeds] = [Number(process.argv[2]), Number(process.argv[3])];
void (async () => {
  for (const rate of RATES) for (let seed = 1; seed <= seeds; seed++) {
    const fleet = badPatchFleet(vms, rate, seed);
    for (const [n, f] of Object.entries({ playGoldpatch, playThreshold, ...(process.argv[4] ? {} : { playNaive }) })) {
      const t = performance.now();
      console.log(rate, seed, n, JSON.stringify(await f(fleet)), fleet.breakable, Math.round(performance.now() - t));
    }
  }
})();
