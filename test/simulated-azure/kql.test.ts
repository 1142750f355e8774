import { describe, expect, it } from "@jest/globals";
import type { Row } from "../../src/local/simulated-azure/kql/compile-expression";
import { Planner } from "../../src/local/simulated-azure/kql/plan";

const COLUMNS = ["id", "name", "n", "tags", "properties"];
const planner = new Planner(new Map([["things", COLUMNS]]));

const A = {
  id: "/A/x/1",
  name: "alpha",
  n: 1,
  tags: { Owner: "Ann" },
  properties: { on: true, os: { type: "Windows" } },
};
const B = {
  id: "/B/x/2",
  name: "Beta",
  n: 2,
  tags: null,
  properties: { on: "false", version: "1.2", list: ["p", "q"] },
};
const C = { id: "/C/y/3", name: "", n: null, tags: {}, properties: { when: "2026-11-23T08:00:00Z" } };

const run = (query: string, rows: readonly Row[] = [A, B, C]): readonly Row[] => planner.plan(query).run(rows);
const ids = (condition: string): string =>
  run(`things | where ${condition}`)
    .map((row) => String(row["id"]).slice(1, 2))
    .join("");
const value = (expression: string, row: Row = A): unknown => run(`things | project v = ${expression}`, [row])[0]?.["v"];

describe("where", () => {
  it.each([
    ["name == 'alpha'", "A"],
    ["name == 'ALPHA'", ""],
    ["name != 'alpha'", "BC"],
    ["name =~ 'ALPHA'", "A"],
    ["name !~ 'ALPHA'", "BC"],
    ["name in ('alpha', 'beta')", "A"],
    ["name in~ ('alpha', 'beta')", "AB"],
    ["name !in ('alpha')", "BC"],
    ["name !in~ ('ALPHA', 'BETA')", "C"],
    ["name in ()", ""],
    ["name contains 'LPH'", "A"],
    ["name !contains 'LPH'", "BC"],
    ["id has 'x'", "AB"],
    ["properties has 'version'", "B"],
    ['properties !has "version"', "AC"],
    ["name has 'alph'", ""],
    ["name startswith 'BE'", "B"],
    ["name !startswith 'BE'", "AC"],
    ["name endswith 'TA'", "B"],
    ["n > 1", "B"],
    ["n <= 1", "A"],
    ["n == 2 or name == 'alpha'", "AB"],
    ["n == 2 and name == 'alpha'", ""],
    ["n == 1 or n == 2 and name == 'nobody'", "A"],
    ["(n == 1 or n == 2) and name != 'alpha'", "B"],
    ["not(n == 1)", "BC"],
    ["isempty(name)", "C"],
    ["isnotempty(tags)", "AC"],
    ["isnull(n)", "C"],
    ["isnotnull(n)", "AB"],
    ["properties.os.type =~ 'windows'", "A"],
    ["properties['os']['type'] == 'Windows'", "A"],
    ["properties.nothing.at.all == 'x'", ""],
    ["tobool(properties.on)", "A"],
    ["tobool(properties.on) == false", "B"],
    ["todatetime(properties.when) < todatetime('2026-11-23T09:00:00Z')", "C"],
  ])("%s keeps %s", (condition, expected) => {
    expect(ids(condition)).toBe(expected);
  });
});

describe("scalar expressions", () => {
  it.each<[string, Row, unknown]>([
    ["tostring(properties.nothing)", A, ""],
    ["tostring(properties.os)", A, '{"type":"Windows"}'],
    ["tolower(name)", B, "beta"],
    ["toupper(name)", B, "BETA"],
    ["toint('12')", A, 12],
    ["tolong('x')", A, null],
    ["tobool('1')", A, true],
    ["tobool('maybe')", A, null],
    ["todatetime('never')", A, null],
    ["coalesce(tostring(properties.version), 'none')", A, "none"],
    ["case(n == 1, 'one', n == 2, 'two', 'many')", B, "two"],
    ["case(n == 1, 'one', n == 2, 'two', 'many')", C, "many"],
    ["iff(n == 1, 'one', 'more')", A, "one"],
    ["properties.list[1]", B, "q"],
    ["properties", C, C.properties],
    ["-3", A, -3],
    ["true", A, true],
    ["'it\\'s'", A, "it's"],
    ["@'c:\\x'", A, "c:\\x"],
  ])("%s", (expression, row, expected) => {
    expect(value(expression, row)).toEqual(expected);
  });
});

describe("extend and project", () => {
  it("extend adds and replaces columns", () => {
    expect(run("things | extend name = toupper(name), m = n", [A])).toEqual([{ ...A, name: "ALPHA", m: 1 }]);
  });

  it("project keeps what it names, with the names that Kusto gives", () => {
    expect(
      run("things | project id, o = tags.Owner, properties.os.type, tostring(properties.on), case(true, 1, 2)", [A]),
    ).toEqual([{ id: "/A/x/1", o: "Ann", properties_os_type: "Windows", properties_on: "true", Column5: 1 }]);
  });
});

describe("parse", () => {
  it("reads columns between literals", () => {
    expect(run("things | parse id with '/' first '/' second '/' rest | project first, second, rest", [A])).toEqual([
      { first: "A", second: "x", rest: "1" },
    ]);
  });

  it.each([
    ["a literal that occurs", "with p '/x/' *", "/A"],
    ["a literal in another case: parse is case-sensitive", "with p '/X/' *", ""],
    ["a pattern that leaves the end over", "with p '/x'", ""],
    ["anything before", "with * '/x/' p", "1"],
    ["kind=simple", "kind=simple with p '/x/' *", "/A"],
  ])("%s", (_, pattern, expected) => {
    const clause = pattern.startsWith("kind") ? pattern.replace(" with", " id with") : `id ${pattern}`;
    expect(run(`things | parse ${clause} | project p`, [A])).toEqual([{ p: expected }]);
  });
});

describe("order by and take", () => {
  const order = (keys: string) =>
    run(`things | order by ${keys}`)
      .map((row) => String(row["id"]).slice(1, 2))
      .join("");

  it.each([
    ["id asc", "ABC"],
    ["id desc", "CBA"],
    ["id", "CBA"],
    ["n asc", "CAB"],
    ["n desc", "BAC"],
    ["n asc nulls last", "ABC"],
    ["tostring(properties.version), id asc", "BAC"],
  ])("order by %s", (keys, expected) => {
    expect(order(keys)).toBe(expected);
  });

  it("take keeps the first rows; sort and limit are other words", () => {
    expect(run("things | sort by id asc | limit 1")).toEqual([A]);
  });
});

describe("what is not simulated is named", () => {
  it.each([
    ["things | summarize count()", "the operator 'summarize' is not simulated"],
    ["things | project-away id", "the operator 'project-away' is not simulated"],
    ["things | join kind=inner (things) on id", "the operator 'join' is not simulated"],
    ["things | where name matches regex 'x'", "the operator 'matches' is not simulated"],
    ["things | where n + 1 == 2", "the operator '+' is not simulated"],
    ["things | where strlen(name) == 2", "the function 'strlen' is not simulated"],
    ["things | parse kind=regex name with x", "the operator 'parse kind=regex' is not simulated"],
    ["things | parse name with x:int", "typed columns in 'parse' are not simulated"],
    ["things | where nobody == 1", "there is no column 'nobody' here"],
    ["things | project id | where name == ''", "there is no column 'name' here"],
    ["others", "there is no table 'others'"],
    ["things | where (name == 'x'", "')' expected at position 27, found the end"],
    ["things where", "'|' expected at position 7, found 'where'"],
    ["things | where name == 'x", "unexpected ''' at position 23"],
    ["things | take many", "a number of rows expected at position 14, found 'many'"],
    ["things | where name in (n)", "a list of strings expected at position 23, found '('"],
  ])("%s", (query, message) => {
    expect(() => run(query)).toThrow(message);
  });
});

describe("plans", () => {
  it("are shared by queries that differ in their lists alone", () => {
    const one = planner.plan("things | where id in ('/A/x/1')");
    const other = planner.plan("things | where id in ('/B/x/2', '/C/y/3') // another list");
    expect(other.plan).toBe(one.plan);
    expect(one.run([A, B, C])).toEqual([A]);
    expect(other.run([A, B, C])).toEqual([B, C]);
    expect(other.strings).toEqual(["/B/x/2", "/C/y/3"]);
  });

  it("are not shared when anything else differs", () => {
    expect(planner.plan("things | where id =~ 'a'").plan).not.toBe(planner.plan("things | where id =~ 'b'").plan);
  });
});

describe("a filter by id", () => {
  const filterOf = (steps: string) => {
    const filter = planner.plan(`things | ${steps}`).plan.idFilter;
    return filter && { list: filter.list, caseless: filter.caseless, value: filter.valueOf("/A/x/1") };
  };

  it.each([
    ["where id in ('a')", { list: 0, caseless: false, value: "/A/x/1" }],
    ["where tolower(id) in~ ('a')", { list: 0, caseless: true, value: "/a/x/1" }],
    ["where name in ('a') and (n > 1 and id in ('b'))", { list: 1, caseless: false, value: "/A/x/1" }],
    [
      "where name =~ 'a' | extend low = tolower(id), m = n | parse low with machine '/x/' * | where machine in ('a')",
      { list: 0, caseless: false, value: "/a" },
    ],
    [
      "extend both = id == '/A/x/1' | order by n asc | where tostring(both) in ('true')",
      { list: 0, caseless: false, value: "true" },
    ],
    [
      "extend dynamic = properties.on, id = tolower(id) | where id in ('a')",
      { list: 0, caseless: false, value: "/a/x/1" },
    ],
  ])("is found in %s", (steps, found) => {
    expect(filterOf(steps)).toEqual(found);
  });

  it.each([
    "where name in ('a')",
    "where id !in ('a')",
    "where id in ('a') or n == 1",
    "where not(id in ('a'))",
    "extend id = name | where id in ('a')",
    "parse name with id '/' * | where id in ('a')",
    "extend was = id in ('b') | where tostring(was) in ('a')",
    "where tostring(properties.os) in ('a')",
    "take 1 | where id in ('a')",
    "project id | where id in ('a')",
    "where id == 'a'",
  ])("is none in %s", (steps) => {
    expect(filterOf(steps)).toBeUndefined();
  });
});
