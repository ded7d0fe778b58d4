/** A program of this folder in a process of its own, from its first line of output on. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Launched {
  /** What it has said. */
  readonly output: string;
  /** Processor time that it has taken, in microseconds; 0 where the system doesn't tell. */
  usedMicroseconds(): number;
  end(): Promise<void>;
}

/** As `npm start` gives them to Node. */
const OPTIONS = ["--max-semi-space-size=64", "--max-inlined-bytecode-size-cumulative=2000"];

/** Of the kernel's table: user and system time, in hundredths of a second. */
function processorTime(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Throws where the program ends before it has said a line. */
export function launch(program: string, environment: Readonly<Record<string, string>>): Promise<Launched> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [...OPTIONS, file], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>(resolve => child.once("exit", () => resolve()));
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const usedMicroseconds = () => processorTime(child.pid ?? 0);
  let output = "";
  return new Promise((resolve, reject) => {
    child.once("exit", code => reject(new Error(`${program} ended with ${code}: ${output}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("\n")) resolve({ output, usedMicroseconds, end });
    });
  });
}
