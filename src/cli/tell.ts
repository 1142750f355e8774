/** For a person; standard output is for results. */
export function tell(line: string | undefined): void {
  if (line !== undefined) process.stderr.write(`${line}\n`);
}
