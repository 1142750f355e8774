import { z } from "zod";

export const seconds = z.number().nonnegative();
export const times = z.int().positive();
export const instant = z.iso.datetime({ offset: true });

export const scriptedAnswerSchema = z
  .strictObject({
    times: times.default(1).describe("How many requests in a row get this answer"),
    status: z.int().min(400).max(599),
    code: z.string().min(1),
    message: z.string().min(1),
    retryAfterSeconds: seconds.optional(),
  })
  .describe("An answer given instead of taking the request up");

const errorSchema = z.strictObject({ code: z.string().min(1), message: z.string() });

const operationFields = {
  durationSeconds: seconds.optional().describe("How long the work takes; drawn by seed when absent"),
  headers: z
    .enum(["both", "asyncOnly", "locationOnly", "none"])
    .default("both")
    .describe("Which of Azure-AsyncOperation and Location the 202 carries"),
  retryAfterSeconds: seconds.optional().describe("Retry-After on the 202 and on polls; recordings show none"),
  resultIn: z
    .enum(["outputAndLocation", "outputOnly", "locationOnly", "nowhere"])
    .default("outputAndLocation")
    .describe("Where the result of a finished operation can be read"),
  emptyLocationStatus: z
    .union([z.literal(204), z.literal(404)])
    .default(204)
    .describe("What Location answers when it does not carry the result"),
  breaks: z
    .strictObject({
      status: z.enum(["Failed", "Canceled"]).default("Failed"),
      error: errorSchema,
      times: times.optional().describe("Only the first so many operations; all when absent"),
    })
    .optional()
    .describe("The operation itself ends this way and has no result"),
  resultStatus: z
    .enum(["Unknown", "InProgress", "Failed", "Succeeded", "CompletedWithWarnings"])
    .optional()
    .describe("Status inside the result; follows from the patches when absent"),
  resultError: errorSchema.optional().describe("Error inside the result"),
  agentLost: z
    .strictObject({ afterSeconds: seconds, forSeconds: seconds.optional() })
    .optional()
    .describe("The agent falls silent so long after the work began, for ever when no end is given"),
  gonePolls: z.int().nonnegative().optional().describe("The address answers 404 after so many polls"),
  foreignHost: z.boolean().default(false).describe("The addresses point to a host that is not ARM"),
  stuck: z.boolean().default(false).describe("The address answers InProgress for ever, though the work ends"),
  answers: z.array(scriptedAnswerSchema).default([]).describe("Refusals before a request is accepted"),
  cut: z
    .strictObject({ when: z.enum(["beforeEffect", "afterEffect"]), times: times.default(1) })
    .optional()
    .describe("The connection is reset before or after the request took effect"),
  late: z
    .strictObject({
      answerAfterSeconds: seconds,
      effect: z.enum(["atOnce", "whenAnswered"]).default("atOnce"),
      times: times.optional().describe("Only the first so many requests; all when absent"),
    })
    .optional()
    .describe("The answer comes late"),
};

export const assessSchema = z
  .strictObject({ ...operationFields, rebootPending: z.boolean().default(false) })
  .describe("How an assessPatches request goes");

export const installSchema = z
  .strictObject({
    ...operationFields,
    rebootStatus: z
      .enum(["Unknown", "NotNeeded", "Required", "Started", "Failed", "Completed"])
      .optional()
      .describe("Reported reboot status; follows from patches and reboot setting when absent"),
    windowExceeded: z
      .boolean()
      .optional()
      .describe("The window ends with half of the patches not begun; follows from durations when absent"),
    failing: z
      .int()
      .nonnegative()
      .default(0)
      .describe("So many of the selected patches, the last ones, do not install"),
    stayingPending: z
      .int()
      .nonnegative()
      .default(0)
      .describe("So many of the selected patches, the first ones, stay pending"),
    afterwards: z
      .strictObject({
        agentSilentSeconds: seconds.optional(),
        powerState: z.enum(["stopped", "stopping", "deallocated", "starting", "unknown"]).optional(),
      })
      .default({})
      .describe("What the machine does once the install ended"),
  })
  .describe("How an installPatches request goes");

export type AssessCauses = z.output<typeof assessSchema>;
export type InstallCauses = z.output<typeof installSchema>;
export type OperationCauses = AssessCauses | InstallCauses;
export type ScriptedAnswer = z.output<typeof scriptedAnswerSchema>;
