import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { asksYes, requireConsent, type Terminal } from "../../src/cli/consent";

const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
const terminal = (input = true, output = true) => ({ input: stream(input), output: stream(output) });

/** What is answered when somebody types this and, by Ctrl-D, nothing more. */
async function answerTo(typed: string): Promise<{ yes: boolean; asked: string }> {
  const at = terminal();
  at.input.end(typed);
  const yes = await asksYes("It reboots web-01.", at);
  return { yes, asked: String(at.output.read()) };
}

describe("consent", () => {
  it.each(["y\n", "Y\n", "yes\n", " YES \n", "y"])("is given by %j", async (typed) => {
    expect(await answerTo(typed)).toMatchObject({ yes: true });
  });

  it.each(["", "\n", "n\n", "no\n", "yesterday\n", "\ny\n", "n\ny\n"])("is not given by %j", async (typed) => {
    expect(await answerTo(typed)).toMatchObject({ yes: false });
  });

  it("is asked for with the effect in words", async () => {
    expect((await answerTo("n\n")).asked).toBe("\nIt reboots web-01.\nGo on? [y/N] ");
  });

  it.each<[string, Terminal]>([
    ["nobody types", terminal(false, true)],
    ["nobody reads", terminal(true, false)],
  ])("is refused in one line where %s", (_, at) => {
    expect(() => requireConsent(false, at, "--dry-run")).toThrow(
      /^--yes: missing, and there is no terminal to ask on; write --yes to consent, or --dry-run to look$/,
    );
  });

  it("needs no terminal with --yes", () => {
    expect(() => requireConsent(true, terminal(false, false), "--dry-run")).not.toThrow();
    expect(() => requireConsent(false, terminal(), "--dry-run")).not.toThrow();
  });
});
