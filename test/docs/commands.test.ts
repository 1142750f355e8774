import { beforeAll, describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { goldpatch, type Ended } from "../cli/goldpatch";
import { codeSpansOf, pages, readPage, ROOT, shellLinesOf, tableAfter, type Page } from "./pages";

/** What npm knows without a script of ours. */
const NPM_COMMANDS = ["ci", "exec", "start", "test"];
/** Which command a script of package.json is. */
const SCRIPT_COMMANDS: Readonly<Record<string, string>> = { start: "demo", host: "host" };

const scripts = (JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object }).scripts;

/** Single commands: each line of a shell block, and what stands in backticks, cut where a shell would. */
const commandsOf = (page: Page): string[] =>
  [...shellLinesOf(page), ...codeSpansOf(page)].flatMap((line) =>
    line.split(/&&|\|\||[|;]|\$\(|\)/).map((part) => part.replace(/^\s*(?:\w+=\S*\s+|exec\s+)*/, "").trim()),
  );

const optionsIn = (text: string): string[] =>
  [...text.matchAll(/(?<=\s)--([a-z][\w-]*)/g)].map(([, name = ""]) => name);

/** A command of ours, with the options that a page gives it. */
interface Use {
  /** The word behind `goldpatch`. */
  readonly command: string;
  /** The word behind that, which is a part of the command where commands belong together. */
  readonly second?: string;
  readonly options: readonly string[];
}

function usesOf(page: Page): Use[] {
  return commandsOf(page).flatMap((line): Use[] => {
    const [, own, rest = ""] = /^(?:npx --no-install )?goldpatch (\S+)(.*)$/.exec(line) ?? [];
    if (own !== undefined && /^[a-z-]+$/.test(own)) {
      const second = /^ ([a-z]+)(?= |$)/.exec(rest)?.[1];
      return [{ command: own, ...(second !== undefined && { second }), options: optionsIn(rest) }];
    }
    const [, script = "", given = ""] = /^npm (?:run )?(start|host)\b(?: --silent)?(?: -- (.*))?$/.exec(line) ?? [];
    const command = SCRIPT_COMMANDS[script];
    return command === undefined ? [] : [{ command, options: optionsIn(` ${given}`) }];
  });
}

const uses = pages.flatMap((page) => usesOf(page).map((use) => ({ file: page.file, ...use })));

describe("goldpatch", () => {
  const optionsOf = new Map<string, readonly string[]>();
  const helps = new Map<string, Ended>();

  beforeAll(async () => {
    const { stdout } = await goldpatch(["--help"]);
    const names = [...stdout.matchAll(/^ {2}([a-z-]+(?: [a-z]+)?) {2,}/gm)].map(([, name = ""]) => name);
    for (const name of names) {
      const help = await goldpatch([...name.split(" "), "--help"]);
      helps.set(name, help);
      optionsOf.set(name, optionsIn(help.stdout));
    }
  }, 300_000);

  const nameOf = ({ command, second = "" }: Use): string =>
    optionsOf.has(`${command} ${second}`) ? `${command} ${second}` : command;

  it("has the commands and options that the pages give it", () => {
    expect(uses.length).toBeGreaterThan(20);
    const wrong = uses.flatMap(({ file, ...use }) => {
      const { options } = use;
      const command = nameOf(use);
      const known = command.startsWith("-") ? ["--help", "--version"].includes(command) && [] : optionsOf.get(command);
      if (!known) return [`${file}: goldpatch ${command}`];
      return options.filter((option) => !known.includes(option)).map((option) => `${file}: ${command} --${option}`);
    });
    expect(wrong).toEqual([]);
  });

  it("tells for --help how each command is used, and exits with 0", () => {
    expect(helps.size).toBeGreaterThan(25);
    const wrong = [...helps].filter(
      ([name, { code, stdout, stderr }]) => code !== 0 || stderr !== "" || !stdout.includes(`goldpatch ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no command that no page tells of", () => {
    const told = uses.map(nameOf);
    expect([...optionsOf.keys()].filter((name) => !told.includes(name))).toEqual([]);
  });
});

it("npm has the scripts that the pages run", () => {
  const named = pages.flatMap((page) =>
    commandsOf(page).flatMap((line) => {
      const [, run, name = ""] = /^npm (run )?(?:-s |--silent )?([\w:]+)/.exec(line) ?? [];
      const known = run === undefined ? NPM_COMMANDS : Object.keys(scripts);
      return name === "" ? [] : [{ file: page.file, name, known: known.includes(name) }];
    }),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ known }) => !known)).toEqual([]);
});

it("every script of npm is told of somewhere", () => {
  const text = pages.map((page) => page.text).join("\n");
  const untold = Object.keys(scripts).filter((name) => !new RegExp(`npm (?:run )?${name}\\b`).test(text));
  expect(untold).toEqual([]);
});

/** Parameters of a template, and whether they must be given. */
function parametersOf(template: string): Map<string, boolean> {
  const text = readFileSync(path.join(ROOT, template), "utf8");
  return new Map(
    [...text.matchAll(/^param (\w+) [^=\n]+(=)?/gm)].map(([, name = "", preset]) => [name, preset === undefined]),
  );
}

describe("az", () => {
  const deployments = pages.flatMap((page) =>
    shellLinesOf(page)
      .filter((line) => /\baz deployment \w+ (?:create|what-if)\b/.test(line))
      .map((line) => ({ line, template: /--template-file (\S+)/.exec(line)?.[1] ?? "none" })),
  );

  it("is given templates that exist, with the parameters that they have and want", () => {
    expect(deployments.length).toBeGreaterThan(3);
    for (const { line, template } of deployments) {
      expect([line, existsSync(path.join(ROOT, template))]).toEqual([line, true]);
      const parameters = parametersOf(template);
      const given = [...line.matchAll(/(?<=\s)(\w+)=/g)].map(([, name = ""]) => name);
      const wanted = [...parameters].filter(([, must]) => must).map(([name]) => name);
      expect([line, given.filter((name) => !parameters.has(name))]).toEqual([line, []]);
      expect([line, wanted.filter((name) => !given.includes(name))]).toEqual([line, []]);
    }
  });

  it("is asked for outputs that main.bicep has", () => {
    const text = readFileSync(path.join(ROOT, "infra/main.bicep"), "utf8");
    const outputs = [...text.matchAll(/^output (\w+) /gm)].map(([, name = ""]) => name);
    const asked = pages.flatMap(({ text: page }) => [...page.matchAll(/\$\(output (\w+)\)/g)].map(([, name]) => name));
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((name) => name === undefined || !outputs.includes(name))).toEqual([]);
  });

  it("uploads what npm run package makes", () => {
    const uploads = pages.flatMap((page) => shellLinesOf(page).filter((line) => line.includes("config-zip")));
    expect(uploads.length).toBeGreaterThan(0);
    for (const line of uploads) expect(line).toContain("--src dist/goldpatch.zip ");
  });
});

describe("azd", () => {
  const known = [...readFileSync(path.join(ROOT, "infra/main.parameters.json"), "utf8").matchAll(/\$\{(\w+)/g)].map(
    ([, name = ""]) => name,
  );

  it("is given names that the deployment reads", () => {
    const set = pages.flatMap(({ text }) => [...text.matchAll(/azd env set ([A-Z]\w+)/g)].map(([, name = ""]) => name));
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("has every name that docs/deploy.md lists, and no other", () => {
    const listed = tableAfter(readPage("docs/deploy.md"), "azd names").map(([name = ""]) => name.replaceAll("`", ""));
    expect(listed.toSorted()).toEqual(known.filter((name) => !name.startsWith("AZURE_")).toSorted());
  });
});
