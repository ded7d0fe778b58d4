/** Users on disk: what a torn write and a failed one leave. */
import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NedbUsers } from "../../../mixins/documents/nedb-users.ts";
import { usersContract } from "../../contract/users.contract.ts";

let folder: string;
let failures: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-users-"));
  failures = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function opened(): Promise<NedbUsers> {
  const users = new NedbUsers(folder, error => failures.push(error));
  await users.connect();
  return users;
}

usersContract("NedbUsers", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cambist-users-"));
  const open = async () => {
    const users = new NedbUsers(directory, error => failures.push(error));
    await users.connect();
    return users;
  };
  return { users: await open(), other: open, dispose: () => rm(directory, { recursive: true }) };
});

const insert = (users: NedbUsers, name: string) =>
  users.insert({ email: `${name}@example.org`, name, passwordHash: "", role: "trader" }, 0);

test("a half written line costs nobody anything, and the next line stands on its own", async () => {
  const ada = await insert(await opened(), "ada");
  const file = join(folder, "documents", "users.db");
  await appendFile(file, '{"_id":"half","email":"ha');
  const users = await opened();
  expect(await users.byEmail("ada@example.org")).toMatchObject({ accounts: ada.accounts });
  const grace = await insert(users, "grace");
  expect(await readFile(file, "utf8")).not.toContain("half");
  const again = await opened();
  expect(await again.byEmail("grace@example.org")).toMatchObject({ accounts: grace.accounts });
  expect(grace.accounts).not.toEqual(ada.accounts);
  expect(failures).toEqual([]);
});

test("a write that fails is told: nothing may follow it", async () => {
  const users = await opened();
  await rm(join(folder, "documents"), { recursive: true });
  await expect(insert(users, "ada")).rejects.toThrow();
  expect(failures).toHaveLength(1);
  await mkdir(join(folder, "documents"));
});
