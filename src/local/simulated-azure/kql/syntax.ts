/** The part of the Kusto query language that Goldpatch's queries use. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "member"; readonly of: Expression; readonly key: string | number }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly caseless: boolean;
      readonly value: Expression;
      /** Which of the query's lists; lists are lifted out of the plan. */
      readonly list: number;
    };

export interface Assignment {
  readonly name: string;
  readonly value: Expression;
}

export type PatternPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "anything" };

export interface SortKey {
  readonly by: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export type Step =
  | { readonly kind: "where"; readonly condition: Expression }
  | { readonly kind: "extend"; readonly assignments: readonly Assignment[] }
  | { readonly kind: "project"; readonly assignments: readonly Assignment[] }
  | { readonly kind: "parse"; readonly value: Expression; readonly pattern: readonly PatternPart[] }
  | { readonly kind: "order"; readonly keys: readonly SortKey[] }
  | { readonly kind: "take"; readonly count: number };

export interface Query {
  readonly table: string;
  readonly steps: readonly Step[];
}
