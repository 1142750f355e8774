import { expect, test } from "@jest/globals";
import { EventType, wireJson, type HistoryEvent } from "../../src/local/functions-host/durable/history";

const Timestamp = "2026-11-23T10:00:00.000Z";
const wire = (event: HistoryEvent): unknown => JSON.parse(wireJson(event, true));

test("an orchestrator is not sent the inputs of what it scheduled, as storeInputsInOrchestrationHistory is false", () => {
  const task = { EventType: EventType.TaskScheduled, EventId: 3, Name: "claimRun", Input: '{"runId":"r"}', Timestamp };
  expect(wire(task)).toEqual({ EventType: 4, EventId: 3, Name: "claimRun", Timestamp, IsPlayed: true });
  const child = {
    EventType: EventType.SubOrchestrationInstanceCreated,
    EventId: 4,
    Name: "askUntilSettled",
    InstanceId: "r:claim",
    Input: "{}",
    Version: null,
    Timestamp,
  };
  const { Input: _input, ...rest } = child;
  expect(wire(child)).toEqual({ ...rest, IsPlayed: true });
});

test("it is sent its own input and those of events, whose id is -1", () => {
  const started = {
    EventType: EventType.ExecutionStarted,
    Name: "patchVm",
    Version: null,
    Input: '{"runId":"r"}',
    Generation: 0,
    Timestamp,
  };
  expect(wire(started)).toEqual({ ...started, EventId: -1, IsPlayed: true });
  const raised = { EventType: EventType.EventRaised, Name: "go", Input: "1", Timestamp };
  expect(wire(raised)).toEqual({ ...raised, EventId: -1, IsPlayed: true });
});
