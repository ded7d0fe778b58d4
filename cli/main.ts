/**
 * The `cambist` command line: which word runs what. Resolves with the exit code; 2 where the words make no
 * sense.
 */
import { match } from "./match.ts";

const USAGE = `Usage: cambist <command> [options]

  start   run the venue in this process
  match   match commands from standard input, with the engine alone
  verify  make everything in a data folder again from its journals and compare
  rebuild make the documents of a stopped venue anew from its journals

  cambist <command> --help tells a command's options.
`;

export async function main(parameters: string[]): Promise<number> {
  const [command, ...rest] = parameters;
  switch (command) {
    case "start": {
      // The venue takes a second to load; the other commands do not wait for it.
      const { start } = await import("./start.ts");
      const code = await start(rest);
      // A service that could not start leaves others waiting for it, and the framework waits for ever.
      if (code !== 0) process.exit(code);
      return code;
    }
    case "match":
      return match(rest, process.stdin, process.stdout, process.stderr);
    case "verify": {
      const { verify } = await import("./verify.ts");
      return verify(rest, process.stdout, process.stderr);
    }
    case "rebuild": {
      const { rebuild } = await import("./rebuild.ts");
      return rebuild(rest, process.stdout, process.stderr);
    }
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(USAGE);
      return 0;
    default: {
      const problem = command === undefined ? "a command must be named" : `there is no command '${command}'`;
      process.stderr.write(`Cannot start as ${problem}\n\n${USAGE}`);
      return 2;
    }
  }
}
