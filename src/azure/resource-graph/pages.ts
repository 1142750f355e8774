import { z } from "zod";
import { OperatorError } from "../../errors";
import type { Arm } from "../arm";
import { GRAPH_PAGE_ROWS } from "../limits";

/** Within some subscriptions, by their GUIDs, or management groups, by their names. */
export interface GraphPlace {
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
}

/** A query that projects `id` and takes all rows: only of such a one come further pages (Resource Graph: work with data). */
export interface GraphQuery<T> extends GraphPlace {
  readonly query: string;
  readonly row: z.ZodType<T>;
}

export interface GraphPage<T> {
  /** Up to GRAPH_PAGE_ROWS. */
  readonly rows: readonly T[];
  /** What the next page is asked for by, with the same query and place; absent on the last one. */
  readonly skipToken?: string;
}

/** One page. @throws OperatorError when rows were cut off that no page shows; what the SDK throws */
export async function readPage<T>(
  arm: Arm,
  { query, row, subscriptions, managementGroups }: GraphQuery<T>,
  skipToken?: string,
): Promise<GraphPage<T>> {
  const answer = await arm.graph.resources({
    ...(subscriptions && { subscriptions: [...subscriptions] }),
    ...(managementGroups && { managementGroups: [...managementGroups] }),
    query,
    options: { resultFormat: "objectArray", top: GRAPH_PAGE_ROWS, ...(skipToken !== undefined && { skipToken }) },
  });
  if (answer.resultTruncated === "true" && answer.skipToken === undefined) {
    throw new OperatorError(
      "Resource Graph cut its answer off and gave no token for the rest: the query must project id",
    );
  }
  const rows = z.array(row).parse(answer.data);
  return { rows, ...(answer.skipToken !== undefined && { skipToken: answer.skipToken }) };
}

/** Half a million rows: five times as many VMs as a sweep takes (assumed). */
const MOST_PAGES = 500;

/**
 * Page after page, up to one without a token, as a failure is too. Whoever leaves the loop has no more of them read.
 *
 * @throws OperatorError when even page 500 is not the last
 */
export async function* pagesOf<Page extends { readonly kind?: string; readonly skipToken?: string }>(
  read: (skipToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let skipToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await read(skipToken);
    yield page;
    ({ skipToken } = page);
    if (skipToken === undefined) return;
  }
  throw new OperatorError(`Resource Graph's answer does not end: after ${MOST_PAGES} pages it names another one`);
}

/** The rows of all pages. @throws OperatorError as readPage and pagesOf; what the SDK throws */
export async function readAllRows<T>(arm: Arm, query: GraphQuery<T>): Promise<T[]> {
  const rows: T[] = [];
  for await (const page of pagesOf((skipToken) => readPage(arm, query, skipToken))) rows.push(...page.rows);
  return rows;
}
