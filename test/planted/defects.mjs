/**
 * Decisions of the protocol, each with one way to break it and the test files that must notice; `named` narrows them
 * to the tests whose full name holds it.
 * Where two places hold one decision, both are broken: one alone changes nothing that can be seen.
 *
 * An edit's `find` must stand in its file exactly once. When a decision's code changes, change its defect with it.
 */
export const defects = [
  {
    name: "accepts a stale row",
    edits: [
      {
        file: "src/domain/support/decide.ts",
        find: "return row.modifiedAt !== undefined && row.modifiedAt >= assessment.acceptedAt;",
        replace: "return row.modifiedAt !== undefined;",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "takes a Supported row of an assessment that failed for support",
    edits: [
      {
        file: "src/domain/support/decide.ts",
        find: 'const assessmentFailed = sameText(row.status, "Failed");',
        replace: "const assessmentFailed = false as boolean;",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "installs when readiness is absent",
    edits: [
      {
        file: "src/domain/support/decide.ts",
        find: 'return seen.machineKind === "arc" && operationState(row.status)',
        replace: "return operationState(row.status)",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "installs when Azure is unable to determine support",
    edits: [
      {
        file: "src/domain/support/decide.ts",
        find: 'return { kind: "reassess", code: "SupportUnableToDetermine" };',
        replace: 'return { kind: "supported", evidence: "readiness" };',
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "posts without checking the lease",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: "if (closed) return close(",
        replace: 'if (closed && closed.code !== "LeaseLost") return close(',
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "between intent and POST",
  },
  {
    name: "posts under a lease that another run holds by now under a newer epoch",
    edits: [
      {
        file: "src/activities/run/gates.ts",
        find: "lease !== undefined && isHeldBy(lease, run.runId) && (epoch === undefined || lease.epoch === epoch)",
        replace: "lease?.held === true && (epoch === undefined || lease.epoch >= epoch)",
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "between intent and POST",
  },
  {
    name: "does not look at the stop switch just before the POST",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: "if (closed) return close(",
        replace: 'if (closed && closed.code !== "Stopped") return close(',
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "between intent and POST",
  },
  {
    name: "installs although the run was cancelled just before the POST",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: "if (closed) return close(",
        replace: 'if (closed && closed.code !== "CancelledBeforeInstall") return close(',
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "between intent and POST",
  },
  {
    name: "sends requests while GOLDPATCH_PAUSED is true",
    edits: [
      {
        file: "src/activities/hold.ts",
        find: 'if (settings.GOLDPATCH_PAUSED) return "Paused";',
        replace: "",
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "paused",
  },
  {
    name: "posts after postNotAfter",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: 'if (clock.now() >= intent.postNotAfter) return { kind: "notSent" };',
        replace: "",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "interleavings",
  },
  {
    name: "lets a request that stalled leave after postNotAfter",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: "clock.at(intent.postNotAfter, () => cut.abort())",
        replace: "clock.at(intent.postNotAfter, () => undefined)",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "interleavings",
  },
  {
    name: "a second delivery that finds an open intent posts as well",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: 'if (last?.state === "open") return unanswered(deps, last);',
        replace: "",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "interleavings",
  },
  {
    name: "sends a second install when the answer to the first was lost",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: 'if (last?.state === "untraced" && input.operation === "install") return { kind: "end", code: "IntentUnresolved" };',
        replace: "",
      },
      {
        file: "src/orchestrators/patch-vm.ts",
        find: 'if (found.kind === "noTrace" && operation === "install") return end({ code: "IntentUnresolved" });',
        replace: "",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "takes an ambiguous 500 on an install for a refusal and tries again",
    edits: [
      {
        file: "src/domain/outcome/refusal.ts",
        find: 'if (status === 408 || status >= 500) return { kind: "unanswered" };',
        replace: 'if (status >= 500) return later(BUSY_WAIT_MS, "AzureUnavailable");',
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "lets the SDK repeat a POST by itself",
    edits: [
      {
        file: "src/azure/arm.ts",
        find: "retryOptions: { maxRetries: 0 }",
        replace: "retryOptions: { maxRetries: 3, retryDelayInMs: 1 }",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "adopts an operation that ran before its own request",
    edits: [
      {
        file: "src/domain/operation/adopt.ts",
        find: "return summary.startedAt >= Math.floor(baseline.azureTime / 1000) * 1000;",
        replace: "return true;",
      },
      {
        file: "src/domain/operation/adopt.ts",
        find: "if (sameText(baseline.activityId, summary.activityId)) return false;",
        replace: "",
      },
    ],
    tests: ["test/domain/operation/adopt.test.ts"],
  },
  {
    name: "takes over a lease without looking whether the VM is idle",
    edits: [
      {
        file: "src/activities/run/claim-run.ts",
        find: "  if (busy !== undefined) {",
        replace: "  if (busy !== undefined && deps.settings.GOLDPATCH_PAUSED) {",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "one run at a time",
  },
  {
    name: "takes the lease of a run that is still alive",
    edits: [
      {
        file: "src/activities/run/claim-run.ts",
        find: "(mayLive(orchestration) ? undefined : endedBy(orchestration))",
        replace: 'endedBy(mayLive(orchestration) ? { kind: "missing" } : orchestration)',
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "one run at a time",
  },
  {
    name: "gives the lease back while its install still runs",
    edits: [
      {
        file: "src/activities/run/record-outcome.ts",
        find: "if (loose.length === 0) return true;",
        replace: "if (loose.length >= 0) return true;",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "one run at a time",
  },
  {
    name: "settles a dead run without a fence",
    edits: [
      {
        file: "src/activities/run/settle-dead-run.ts",
        find: "if (!(await vm.fence(lease, reason))) continue;",
        replace: "return { why: reason, quietFrom: settledBy(deps, postNotAfter) };",
      },
    ],
    tests: ["test/scenarios/watchdog-fence.test.ts"],
    named: "just before the outcome",
  },
  {
    name: "does not wait for a dead run's request that may still arrive",
    edits: [
      {
        file: "src/activities/run/settle-dead-run.ts",
        find: "if (deps.clock.now() < quietFrom)",
        replace: "if (quietFrom < 0)",
      },
      {
        file: "src/activities/run/resolve-intent.ts",
        find: "if (clock.now() < from)",
        replace: "if (from < 0)",
      },
    ],
    tests: ["test/scenarios/watchdog-fence.test.ts"],
    named: "on its way",
  },
  {
    name: "takes a run that waits for its turn for one that hangs",
    edits: [
      {
        file: "src/activities/watchdog/watch-run.ts",
        find: 'return child.kind === "alive" && child.movedAt > orchestration.movedAt ? child : orchestration;',
        replace: "return orchestration;",
      },
    ],
    tests: ["test/scenarios/watchdog-hangs.test.ts"],
    named: "waits for its turn",
  },
  {
    name: "removes an old run that has no outcome",
    edits: [
      {
        file: "src/activities/watchdog/retention.ts",
        find: "(!isRun(run.value) || run.value.outcome === null)",
        replace: "!isRun(run.value)",
      },
    ],
    tests: ["test/scenarios/retention.test.ts"],
    named: "no outcome",
  },
  {
    name: "lets the engine forget an orchestration whose run has no outcome",
    edits: [
      {
        file: "src/activities/watchdog/history.ts",
        find: "cutoff: Math.min(old, oldestOpen)",
        replace: "cutoff: old",
      },
    ],
    tests: ["test/scenarios/retention.test.ts"],
    named: "history of a run",
  },
  {
    name: "gives a run a second outcome",
    edits: [
      {
        file: "src/ledger/runs.ts",
        find: "(run.outcome === null ? change(run) : undefined)",
        replace: "change(run)",
      },
    ],
    tests: ["test/ledger/runs.test.ts"],
  },
  {
    name: "sends the token to any host",
    edits: [
      {
        file: "src/azure/arm-transport.ts",
        find: "return origin === armOrigin ? send.sendRequest(request) :",
        replace: 'return origin !== "" ? send.sendRequest(request) :',
      },
    ],
    tests: ["test/scenarios/arm-transport.test.ts"],
  },
  {
    name: "follows an operation's address to a foreign host",
    edits: [
      {
        file: "src/azure/compute/operation-starter.ts",
        find: "const foreign = urls.some((url) => arm.address(url) === undefined);",
        replace: "const foreign = urls.some((url) => arm.address(url) === url && url === '');",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "patches Marketplace images",
    edits: [
      {
        file: "src/domain/machine/readiness.ts",
        find: 'if (sourceOf(vm).kind === "marketplace") return "MarketplaceImage";',
        replace: "",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "handles an old VM's write event as if the VM were new",
    edits: [
      {
        file: "src/activities/run/check-provisioning.ts",
        find: "if (age > deps.settings.GOLDPATCH_NEW_VM_HOURS * 3_600_000) {",
        replace: "if (age < 0) {",
      },
    ],
    tests: ["test/scenarios/events.test.ts"],
    named: "no news",
  },
  {
    name: "handles a VM again at its next write event",
    edits: [
      {
        file: "src/activities/run/check-provisioning.ts",
        find: "return handledBy !== undefined && handledBy !== run.runId ?",
        replace: "return handledBy === run.runId ?",
      },
    ],
    tests: ["test/scenarios/events.test.ts"],
    named: "no news",
  },
  {
    name: "acts on a VM outside GOLDPATCH_SCOPE",
    edits: [
      {
        file: "src/domain/machine/scope.ts",
        find: "(entry.resourceGroup === undefined || entry.resourceGroup === resourceGroup)",
        replace: "(entry.resourceGroup === undefined || resourceGroup !== '')",
      },
    ],
    tests: ["test/scenarios/sweep.test.ts"],
    named: "in scope",
  },
  {
    name: "polls faster than every 16 s",
    edits: [
      {
        file: "src/domain/operation/operation.ts",
        find: "const interval = Math.max(everyMs, retryAfterMs, POLL_NEVER_FASTER_THAN_MS);",
        replace: "const interval = Math.max(everyMs, retryAfterMs, POLL_NEVER_FASTER_THAN_MS / 4);",
      },
    ],
    tests: ["test/domain/operation/operation.test.ts"],
  },
  {
    name: "a 429 ends the run instead of making it wait",
    edits: [
      {
        file: "src/domain/outcome/refusal.ts",
        find: 'if (status === 429) return later(retryAfterMs ?? THROTTLED_WAIT_MS, "AzureUnavailable");',
        replace: 'if (status === 429) return final("AzureUnavailable");',
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "sends the other operating system's block",
    edits: [
      {
        file: "src/domain/install/options.ts",
        find: 'return subject.osType === "Windows"',
        replace: 'return subject.osType !== "Windows"',
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "own block",
  },
  {
    name: "counts installed patches by the list's length instead of the count fields",
    edits: [
      {
        file: "src/azure/operations/operation-reader.ts",
        find: "...patchCountsOf(data) },",
        replace: "...patchCountsOf(data), ...(data.patches && { installedPatchCount: data.patches.length }) },",
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "counts the list's installed patches, though Azure cuts lists on Linux",
    edits: [
      {
        file: "src/azure/operations/operation-reader.ts",
        find: "...patchCountsOf(data) },",
        replace: `...patchCountsOf(data),
      ...(data.patches &&
        data.installedPatchCount !== undefined && {
          installedPatchCount: data.patches.filter((one) => one.installationState === "Installed").length,
        }),
    },`,
      },
    ],
    tests: ["test/azure/operation-reader.test.ts"],
  },
  {
    name: "takes the error that Azure sends on success for a failure",
    edits: [
      {
        file: "src/azure/operations/operation-reader.ts",
        find: "status: wordsOf(parsed.data.status),",
        replace: 'status: parsed.data["error"] ? "Failed" : wordsOf(parsed.data.status),',
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "an id in other case counts as another VM",
    edits: [
      {
        file: "src/domain/machine/vm-id.ts",
        find: "formatVmId(vmId).toLowerCase();",
        replace: "formatVmId(vmId);",
      },
    ],
    tests: ["test/scenarios/events.test.ts"],
    named: "same event three times",
  },
  {
    name: "reboots a VM older than a day without being asked",
    edits: [
      {
        file: "src/domain/install/options.ts",
        find: 'now - createdAt < YOUNG_VM_MS ? "IfRequired" : "Never"',
        replace: 'now - createdAt < YOUNG_VM_MS ? "IfRequired" : "IfRequired"',
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "older than a day",
  },
  {
    name: "runs more VMs at a time than GOLDPATCH_MAX_ACTIVE_RUNS",
    edits: [
      {
        file: "src/activities/run/claim-run.ts",
        find: "if (ended === null && mayLive(await instances.look(holder))) return false;",
        replace: "if (ended === null && mayLive(await instances.look(holder))) return true;",
      },
    ],
    tests: ["test/scenarios/never-twice.test.ts"],
    named: "one run at a time",
  },
  {
    name: "calls a VM patched although it is not well after the install",
    edits: [
      {
        file: "src/activities/run/confirm-install.ts",
        find: 'if (well || !changed) return { kind: "end", ...ending };',
        replace: 'if (well || changed || !changed) return { kind: "end", ...ending };',
      },
    ],
    tests: ["test/scenarios/hard-cases.test.ts"],
  },
  {
    name: "installs on a VM that was replaced under its name during the run",
    edits: [
      {
        file: "src/activities/run/look-before-post.ts",
        find: 'if (run.vmGuid !== undefined && view.vmGuid !== run.vmGuid) return never({ code: "VmReplaced" });',
        replace: "",
      },
    ],
    tests: ["test/scenarios/gates.test.ts"],
    named: "made anew",
  },
  {
    name: "writes an operation's signed address into the log",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: "deps.logs.operationStarted({ ...namesOf(run, intent), activityId: accepted.activityId });",
        replace: "deps.logs.operationStarted({ ...namesOf(run, intent), activityId: operation.pollerState });",
      },
      // The log's own cleaning would hide it.
      {
        file: "src/logs.ts",
        find: "(_name, value: unknown) => clean(value)",
        replace: "(_name, value: unknown) => value",
      },
    ],
    tests: ["test/scenarios/secrets.test.ts"],
  },
  {
    name: "posts before the intent is written",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: "  if (!(await vm.insertIntent(intent, lease, operations))) return otherDelivery(deps);\n",
        replace: "",
      },
      {
        file: "src/activities/run/send-intent.ts",
        find: "  const answer = await postInTime(deps, run, intent);\n",
        replace:
          "  const answer = await postInTime(deps, run, intent);\n" +
          "  const { vm } = subjectOf(deps, run);\n" +
          "  const lease = await vm.lease();\n" +
          "  if (!lease || !(await vm.insertIntent(intent, lease))) return unanswered(deps, intent);\n",
      },
    ],
    tests: ["test/crash/crash.test.ts"],
    named: "patched",
  },
  {
    name: "takes an install without an answer for one that was never sent",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: 'if (last?.state === "open") return unanswered(deps, last);',
        replace: 'if (last?.state === "open" && input.operation === "assess") return unanswered(deps, last);',
      },
      {
        file: "src/activities/run/resolve-intent.ts",
        find: "        return lookForTrace(deps, input, intent);",
        replace:
          '        return input.operation === "install" ? { kind: "neverSent" } : lookForTrace(deps, input, intent);',
      },
    ],
    tests: ["test/crash/crash.test.ts"],
    named: "install",
  },
  {
    name: "believes a principal that anybody may have written",
    edits: [
      {
        file: "src/triggers/http/access.ts",
        find: "if (!platformSignsIn) {",
        replace: "if (platformSignsIn && !platformSignsIn) {",
      },
    ],
    tests: ["test/scenarios/access.test.ts"],
  },
  {
    name: "believes an event of another subscription's topic",
    edits: [
      {
        file: "src/triggers/events/vm-write-event.ts",
        find: 'if (topic === "" || !id.startsWith(`${topic}/`))',
        replace: 'if (topic === "")',
      },
    ],
    tests: ["test/scenarios/forged-events.test.ts"],
  },
  {
    name: "keeps Azure's words with the secrets in them",
    edits: [
      {
        file: "src/domain/text.ts",
        find: "redacted(text.slice(0, LONGEST_READ)).slice(0, longest)",
        replace: "text.slice(0, longest)",
      },
    ],
    tests: ["test/scenarios/canaries.test.ts"],
  },
  {
    name: "lets an exception into the history as it is",
    edits: [
      {
        file: "src/functions/register.ts",
        find: "throw presentable(failure);",
        replace: "throw failure;",
      },
    ],
    tests: ["test/scenarios/canaries.test.ts"],
  },
  {
    name: "follows an operation that was adopted by what others took",
    edits: [
      {
        file: "src/activities/run/started.ts",
        find: "const looks = adopted ? [] : (intent.looks ?? []);",
        replace: "const looks = intent.looks ?? [];",
      },
    ],
    tests: ["test/scenarios/learned-looks.test.ts"],
  },
  {
    name: "waits for ever for an operation that outlasts all others",
    edits: [
      {
        file: "src/domain/operation/looks.ts",
        find: "? nextPoll(now, everyMs, spread, retryAfterMs)",
        replace: "? nextPoll(now, 24 * 60 * everyMs, spread, retryAfterMs)",
      },
    ],
    tests: ["test/scenarios/learned-looks.test.ts"],
  },
  {
    name: "posts before its turn by the rate limits",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: "if (queued) return queued;",
        replace: 'if (queued?.at === "never") return queued;',
      },
      {
        file: "src/activities/run/rate.ts",
        find: "return (await waitForTurn(deps, { run, intentKey: key, location, lease: lease.value }))?.at;",
        replace: "return lease.value.runId === key ? location : undefined;",
      },
    ],
    tests: ["test/scenarios/rate.test.ts"],
    named: "stranger who draws",
  },
  {
    name: "draws again for a start that is delivered again",
    edits: [
      {
        file: "src/domain/rate/book.ts",
        find: "const known = this.#grants.get(key);",
        replace: "const known = repeatable ? this.#grants.get(key) : undefined;",
      },
    ],
    tests: ["test/scenarios/rate.test.ts"],
    named: "draws once",
  },
  {
    name: "keeps to itself that Azure's buckets are empty",
    edits: [
      {
        file: "src/activities/run/send-intent.ts",
        find: '  if (answer.kind !== "notSent") await learnFrom(deps, run, location, answer);\n',
        replace: "",
      },
    ],
    tests: ["test/scenarios/rate.test.ts"],
    named: "stranger who draws",
  },
  {
    name: "draws the whole bucket at once, although it is refilled in lumps",
    edits: [
      {
        file: "src/domain/rate/bucket.ts",
        find: "const drawable = limit.capacity - limit.refill;",
        replace: "const drawable = limit.capacity;",
      },
    ],
    tests: ["test/ledger/rates.test.ts"],
  },
  {
    name: "goes on with an image version one of whose VMs failed at a step of the ramp",
    edits: [
      {
        file: "src/domain/sweep/image-exposure.ts",
        find: "if (failed > (upTo === undefined ? allowed : 0)) {",
        replace: "if (failed > allowed) {",
      },
    ],
    tests: ["test/domain/sweep/image-exposure.test.ts"],
  },
  {
    name: "releases all VMs of an image version that the sweep has room for, whatever its ramp says",
    edits: [
      {
        file: "src/domain/sweep/image-exposure.ts",
        find: "most: upTo === undefined ? Number.POSITIVE_INFINITY : Math.max(0, upTo - verified - inFlight),",
        replace: "most: Number.POSITIVE_INFINITY,",
      },
    ],
    tests: ["test/domain/sweep/image-exposure.test.ts"],
  },
  {
    name: "installs on a VM whose image version was hurt after its release",
    edits: [
      {
        file: "src/domain/sweep/post-gate.ts",
        find: 'if (heldBack !== undefined) return { code: "ImageHeldBack", detail: heldBack };',
        replace: "",
      },
    ],
    tests: ["test/scenarios/policy-sweep.test.ts"],
    named: "is hurt meanwhile",
  },
  {
    name: "takes a hook that does not answer in time for a yes",
    edits: [
      {
        file: "src/domain/hook/verdict.ts",
        find: 'at < deadline ? { kind: "again", at } : { kind: "no", reason: `${reason}, and its deadline is over` };',
        replace: 'at < deadline ? { kind: "again", at } : { kind: "yes", status: reason.length };',
      },
    ],
    tests: ["test/scenarios/hooks.test.ts"],
    named: "means no",
  },
  {
    name: "patches a new VM although the hook before it said no",
    edits: [
      { file: "src/orchestrators/patch-vm.ts", find: 'if (agreed.kind === "end") return agreed.ending;', replace: "" },
    ],
    tests: ["test/scenarios/provision-policies.test.ts"],
    named: "no before it",
  },
  {
    name: "does not count a VM whose probe fails as failed",
    edits: [{ file: "src/domain/sweep/harm.ts", find: '  "ProbeFailed",\n', replace: "" }],
    tests: ["test/scenarios/verify.test.ts"],
    named: "else it is harmed",
  },
  {
    name: "leaves a VM running that the run started",
    edits: [
      {
        file: "src/activities/run/stop-vm.ts",
        find: "if (!known || known.value.over) return asItWas;",
        replace: "if (!known || known.value.startFrom > 0) return asItWas;",
      },
    ],
    tests: ["test/scenarios/power.test.ts"],
    named: "deallocated VM is started",
  },
  {
    name: "sweeps more than once for an occurrence of a policy's schedule",
    edits: [
      {
        file: "src/activities/policy/start-due-sweeps.ts",
        find: "(await deps.policies.start(name, occurrence)) ?? (await decide(deps, stored, last));",
        replace: "await decide(deps, stored, last);",
      },
      {
        file: "src/ledger/stored-policies.ts",
        find: "return this.#store.insertIfAbsent(STARTS, startKey(name, occurrence), start);",
        replace: "return this.#store.insertIfAbsent(STARTS, startKey(name, occurrence), start).then(() => true);",
      },
      {
        file: "src/activities/policy/start-due-sweeps.ts",
        find: "sweepId: policySweepId(isoOf(at), policy.name)",
        replace: "sweepId: policySweepId(nowOf(deps), policy.name)",
      },
    ],
    tests: ["test/scenarios/scheduled-policies.test.ts"],
    named: "once for each occurrence",
  },
  {
    name: "patches a new VM outside the windows of its policy",
    edits: [
      {
        file: "src/activities/run/gates.ts",
        find: "const times = policy.onProvision.inWindows ? policy : { ...policy, windows: [] };",
        replace: "const times = { ...policy, windows: [] };",
      },
    ],
    tests: ["test/scenarios/provision-policies.test.ts"],
    named: "windows",
  },
  {
    name: "adopts what a schedule began on an Arc-enabled server",
    edits: [
      {
        file: "src/domain/operation/adopt.ts",
        find: " || summary.startedBySystem) return false;",
        replace: ") return false;",
      },
    ],
    tests: ["test/scenarios/arc.test.ts"],
    named: "schedule began meanwhile",
  },
  {
    name: "sends an Arc-enabled server a second install when the answer to the first was lost",
    edits: [
      {
        file: "src/orchestrators/patch-vm.ts",
        find: 'if (found.kind === "noTrace" && operation === "install")',
        replace: 'if (found.kind === "noTrace" && operation === "install" && starts > 9)',
      },
      {
        file: "src/activities/run/start-operation.ts",
        find: 'if (last?.state === "untraced" && input.operation === "install")',
        replace: 'if (last?.state === "untraced" && input.operation === "install" && last.sequence > 9)',
      },
    ],
    tests: ["test/scenarios/arc.test.ts"],
    named: "unresolved where no row shows",
  },
  {
    name: "turns periodic assessment on where it is on",
    edits: [
      {
        file: "src/activities/periodic-assessment/change.ts",
        find: 'if (isPeriodic(settings) === on) return { result: "alreadySo" };',
        replace: "",
      },
    ],
    tests: ["test/scenarios/periodic-assessment.test.ts"],
    named: "is turned on",
  },
  {
    name: "changes a VM's model for a schedule without being asked",
    edits: [
      {
        file: "src/activities/schedule/assign.ts",
        find: "if (dryRun || !applyPrerequisites || now.changes.length === 0) return now;",
        replace: "if (dryRun || now.changes.length === 0) return now;",
      },
    ],
    tests: ["test/scenarios/schedules.test.ts"],
  },
  {
    name: "lets single runs wait behind a sweep's VMs",
    edits: [
      {
        file: "src/domain/rate/lines.ts",
        find: 'const ASKERS: readonly Asker[] = ["single", "sweep"];',
        replace: 'const ASKERS: readonly Asker[] = ["sweep", "single"];',
      },
    ],
    tests: ["test/domain/rate/book.test.ts"],
  },
  {
    name: "keeps the turn of a VM that turns out to be busy",
    edits: [
      {
        file: "src/activities/run/start-operation.ts",
        find: "if (planned && !(await vm.intent(post.intentKey))) await giveTurnBack(deps, planned);",
        replace: "",
      },
    ],
    tests: ["test/scenarios/rate.test.ts"],
    named: "leaves its turn to others",
  },
  {
    name: "takes an installation that Azure calls failed for a success with a reboot to come",
    edits: [
      {
        file: "src/domain/install/result.ts",
        find: "if (awaitsReboot(result) && isExplained)",
        replace: "if (awaitsReboot(result))",
      },
    ],
    tests: ["test/domain/install/result.test.ts"],
  },
];
