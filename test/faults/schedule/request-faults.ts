import type { Draw } from "./draw";
import type { Json } from "./merge";

const POSTS = ["assessPatches", "installPatches"];

/** A fault that comes by chance and time on any request of one kind: `faults` of a fleet file. */
export function requestFault(draw: Draw): Json {
  const on = draw.pick(
    ["vm", "vm", "assessPatches", "installPatches", "installPatches", "operation", "resourceGraph"],
    "on",
  );
  const fromSeconds = draw.happens(0.5, "later") ? draw.between(0, 3000, "from") : 0;
  return {
    on,
    ...(draw.happens(0.25, "goes on")
      ? { probability: draw.pick([0.05, 0.2], "probability") }
      : { probability: draw.pick([0.05, 0.2, 0.5, 1], "probability"), times: draw.between(1, 4, "times") }),
    fromSeconds,
    ...(draw.happens(0.3, "ends") && { untilSeconds: fromSeconds + draw.between(60, 1200, "until") }),
    ...what(draw, POSTS.includes(on)),
  };
}

function what(draw: Draw, post: boolean): Json {
  switch (draw.pick(["answer", "cut", "body"], "what")) {
    case "answer":
      return answer(draw, post);
    case "cut":
      return { cut: draw.pick(["beforeEffect", "afterEffect", "midBody"], "cut") };
    case "body":
      return { body: draw.pick(["truncated", "malformed", "page", "empty"], "body") };
  }
}

/** Gateways give these although the request went through; the others say definitely that it did not. */
const GATEWAY = [500, 502, 504, 408];

function answer(draw: Draw, post: boolean): Json {
  const status = draw.pick([408, 409, 429, 429, 500, 502, 503, 503, 504], "status");
  const retryAfterSeconds = draw.pick([1, 20, 100, 400], "Retry-After");
  const tellsWhen = [429, 503].includes(status) && draw.happens(0.7, "tells when");
  return {
    answer: {
      status,
      code: status === 409 ? "Conflict" : "Trouble",
      message: `the request met trouble ${status}`,
      ...(tellsWhen && { retryAfterSeconds }),
    },
    ...(post && GATEWAY.includes(status) && { answered: draw.pick(["instead", "afterEffect"], "answered") }),
  };
}
