// The lab's hosts from the tests' side: commands inside a host, faults, and what a guest's agent says.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lab } from "./env";

const run = promisify(execFile);

/** `lab host N COMMAND…`; its output. */
export async function host(n: number, ...command: string[]): Promise<string> {
  const { stdout } = await run(lab("LAB_COMMAND"), ["host", String(n), ...command], { timeout: 60_000 });
  return stdout.trim();
}

export interface LabHost {
  number: number;
  name: string;
  address: string;
  transport: string;
}

export function labHost(number: number): LabHost {
  const of = (what: string) => lab(`LAB_KVM${number}_${what}`);
  return { number, name: of("NAME"), address: of("ADDRESS"), transport: of("TRANSPORT") };
}

/** The number of the host on which a guest runs. */
export async function hostOf(uuid: string): Promise<number> {
  for (const n of [1, 2, 3]) {
    // A host without power has no guests.
    const guests = await host(n, "virsh", "-q", "list", "--uuid").catch(() => "");
    if (guests.includes(uuid)) return n;
  }
  throw new Error(`the guest ${uuid} runs nowhere`);
}

/** What befalls the guest's process: `freeze`, `thaw` or `kill`. */
export async function qemu(uuid: string, what: string) {
  await host(await hostOf(uuid), "qemu", what, `drover-${uuid}`);
}

/** Asks the guest's agent; the answer's `return`. */
export async function agent(n: number, uuid: string, command: object): Promise<unknown> {
  const answer = await host(n, "virsh", "qemu-agent-command", uuid, JSON.stringify(command));
  return (JSON.parse(answer) as { return: unknown }).return;
}

/** Whether the guest has this file. */
export async function guestHas(n: number, uuid: string, path: string): Promise<boolean> {
  try {
    const handle = await agent(n, uuid, { execute: "guest-file-open", arguments: { path, mode: "r" } });
    await agent(n, uuid, { execute: "guest-file-close", arguments: { handle } });
    return true;
  } catch {
    return false;
  }
}

/** What the guest's kernel drew when it booted; nothing while no agent answers. */
export async function bootId(n: number, uuid: string): Promise<string | undefined> {
  try {
    const open = { execute: "guest-file-open", arguments: { path: "/proc/sys/kernel/random/boot_id", mode: "r" } };
    const handle = await agent(n, uuid, open);
    const read = await agent(n, uuid, { execute: "guest-file-read", arguments: { handle } });
    await agent(n, uuid, { execute: "guest-file-close", arguments: { handle } });
    return Buffer.from((read as { "buf-b64": string })["buf-b64"], "base64").toString().trim() || undefined;
  } catch {
    return undefined;
  }
}

/** How libvirt says the guest is: `running`, `paused`, … */
export const domainState = (n: number, uuid: string) => host(n, "virsh", "-q", "domstate", uuid);

/** All domains that a host knows, running or not. */
export const domains = (n: number) => host(n, "virsh", "-q", "list", "--all", "--uuid");
