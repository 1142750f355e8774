import { describe, expect, test } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** Classes and, on the lines up to the next class, the names that they give themselves. */
const CLASSES = /class (?<name>\w+) extends \w*Error\b(?<body>[\s\S]*?)(?=\nclass |\nexport class |$)/g;

const root = path.resolve(__dirname, "..");
const errors = globSync("src/**/*.ts", { cwd: root }).flatMap((file) =>
  [...readFileSync(path.join(root, file), "utf8").matchAll(CLASSES)].map(({ groups }) => ({
    file,
    name: groups?.["name"] ?? "",
    body: groups?.["body"] ?? "",
  })),
);

describe("an error of ours", () => {
  test("is one of many", () => expect(errors.length).toBeGreaterThan(10));

  // The bundler may call a class otherwise, and a failed activity is told by its error's name.
  test.each(errors)("$name in $file says its name itself", ({ name, body }) => {
    expect(body).toMatch(new RegExp(`\\bname(: string)? = "${name}"`));
  });
});
