import { HostStartError } from "../errors";

/** The path prefix of HTTP functions; `extensions.http.routePrefix` of host.json is not read. */
export const ROUTE_PREFIX = "/api/";

export interface RouteTemplate {
  /** The parameters of a path that fits, decoded; undefined when it does not fit. */
  match(pathname: string): Record<string, string> | undefined;
  /** Sorts before templates that are less specific. */
  readonly rank: string;
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  int: "-?\\d+",
  long: "-?\\d+",
  guid: "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
  alpha: "[A-Za-z]+",
  bool: "(?:true|false)",
};

/**
 * A route as Azure Functions reads it: `{id}`, `{id?}`, `{id:int}` and, at the end, `{*rest}`. Literals match in any case.
 *
 * @throws HostStartError when the template is not one of those.
 */
export function routeTemplate(functionName: string, route: string): RouteTemplate {
  const names: string[] = [];
  let rank = "";
  const pattern = route
    .split("/")
    .filter(Boolean)
    .map((segment) => {
      const parameter = /^\{(\*?)(\w+)(?::(\w+))?(\??)\}$/.exec(segment);
      if (!parameter) {
        if (/[{}]/.test(segment)) throw invalid(functionName, route, segment);
        rank += "0";
        return `/${segment.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")}`;
      }
      const [, star = "", name = "", constraint, optional = ""] = parameter;
      const value = constraint === undefined ? "[^/]+" : CONSTRAINTS[constraint];
      if (value === undefined) throw invalid(functionName, route, segment);
      names.push(name);
      rank += star ? "3" : constraint ? "1" : "2";
      if (star) return "(?:/(.*))?";
      return optional ? `(?:/(${value}))?` : `/(${value})`;
    })
    .join("");
  const expression = new RegExp(`^${ROUTE_PREFIX.slice(0, -1)}${pattern}/?$`, "i");
  return {
    rank,
    match(pathname) {
      const found = expression.exec(pathname);
      if (!found) return undefined;
      const values = names.map((name, index) => [name, found[index + 1]] as const);
      return Object.fromEntries(values.flatMap(([name, value]) => (value ? [[name, decodeURIComponent(value)]] : [])));
    },
  };
}

const invalid = (functionName: string, route: string, segment: string): HostStartError =>
  new HostStartError(
    "RouteInvalid",
    `Function "${functionName}" has the route "${route}", whose part "${segment}" the embedded host cannot read. ` +
      `It reads {name}, {name?}, {*name} and {name:int|long|guid|alpha|bool}.`,
  );
