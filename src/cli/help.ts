import type { Command } from "./command";

const aligned = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

export const overview = (
  commands: readonly Command[],
): string => `goldpatch patches Azure VMs that were created from customized (golden) images.

Usage: goldpatch COMMAND [options]

Commands:
${aligned(commands.map(({ name, summary }) => [name, summary]))}

goldpatch COMMAND --help tells a command's options, goldpatch --version the version.
`;

export function helpOf({ name, summary, subject, options }: Command): string {
  const rows = Object.entries(options).map(
    ([option, { placeholder, meaning }]) => [`--${option}${placeholder ? ` ${placeholder}` : ""}`, meaning] as const,
  );
  const about = subject.usage ? `\nAbout:\n${aligned([[subject.placeholder, subject.meaning]])}\n` : "";
  return `${summary}

Usage: goldpatch ${name}${subject.usage && ` ${subject.usage}`} [options]
${about}
Options:
${aligned([...rows, ["--help", "This text."]])}
`;
}
