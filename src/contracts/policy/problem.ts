/** One thing that is wrong with a policy. */
export interface PolicyProblem {
  readonly path: readonly PropertyKey[];
  /** What to write instead. */
  readonly remedy: string;
  /** Its name is what is wrong with the field. */
  readonly isNameWrong?: true;
}
