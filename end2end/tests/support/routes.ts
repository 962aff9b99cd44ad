// Every kind of page there is, with an object that exists.
import type { Page } from "@playwright/test";
import { makeVm } from "./portal";

const LISTS = [
  "dashboard", "data-centers", "clusters", "hosts", "networks", "storage", "disks", "vms", "templates", "quotas", "users", "directories", "events", "jobs",
  "bookmarks", "tags", "roles", "permissions",
];
const DETAILS: Record<string, string[]> = {
  "data-centers": ["", "/edit", "/remove"],
  clusters: ["", "/edit", "/permissions", "/add-permission", "/explain-permission"],
  hosts: ["", "/use", "/hardware", "/events", "/edit", "/maintenance", "/assign-tags"],
  networks: ["", "/edit"],
  storage: ["", "/use", "/edit", "/image-disk?image=tiny.img", "/image-template?image=tiny.img"],
  disks: [""],
  vms: ["", "/use?span=year", "/disks", "/nics", "/guest", "/events", "/edit", "/remove", "/run", "/change-cd", "/make-template", "/console"],
  templates: [""],
  quotas: ["", "/vms", "/consumers", "/copy", "/consumers-edit"],
  events: [""],
  jobs: ["", "/events"],
  users: ["", "/events", "/sign-in", "/assign-tags", "/permissions", "/explain-permission", "/reset-password", "/remove"],
  roles: ["", "/permissions", "/copy"],
};
/** The VM portal's own pages; those of a machine follow it. */
const PORTAL = ["", "?view=table", "/vms/new", "/templates", "/resources", "/events", "/settings"];
const MACHINE = ["", "?edit=overview", "?edit=hardware", "/edit", "/change-cd", "/add-disk", "/add-nic", "/add-permission"];
const NEW = ["data-centers", "clusters", "hosts", "networks", "storage", "vms", "quotas", "bookmarks", "tags", "roles", "users", "directories"];

/** Makes a VM, so that there is one, and gives every address with its name for a picture. */
export async function routes(page: Page, vm: string): Promise<{ name: string; path: string }[]> {
  const id = await makeVm(page, { name: vm, template: "Tiny Linux", network: "mgmt" });
  const found = LISTS.map((list) => ({ name: `list-${list}`, path: `/${list}` }));
  found.push(...NEW.map((list) => ({ name: `new-${list}`, path: `/${list}/new` })));
  for (const [list, parts] of Object.entries(DETAILS)) {
    const object = list === "vms" ? `/vms/${id}` : await firstOf(page, list);
    found.push(...parts.map((part) => ({ name: `one-${list}${part.replace("/", "-")}`, path: object + part })));
  }
  const portal = [...PORTAL, ...MACHINE.map((part) => `/vms/${id}${part}`)];
  found.push(...portal.map((part) => ({ name: `portal${part.replace(id, "one").replace(/\W+/g, "-")}`, path: `/portal${part}` })));
  found.push({ name: "users-add", path: "/users/add" }, { name: "directories-add", path: "/directories/add" });
  found.push({ name: "list-events-advanced", path: "/events?view=advanced" });
  found.push({ name: "list-vms-details", path: `/vms?chosen=${id}` });
  found.push({ name: "list-hosts-events", path: `${await firstOf(page, "hosts").then(below)}&part=events` });
  found.push({ name: "help", path: "/help" }, { name: "help-vms", path: "/help/virtual-machines" });
  found.push({ name: "one-storage-images", path: `${await firstOf(page, "storage")}/images` });
  found.push({ name: "nothing-here", path: "/nothing/here" }, { name: "password", path: "/password" }, { name: "sign-in-code", path: "/sign-in/code" },
    { name: "account", path: "/account" }, { name: "second-factor", path: "/account/second-factor" },
    { name: "second-factor-off", path: "/account/second-factor/off" });
  return found;
}

/** The list with the object in its lower pane, from the object's own address. */
const below = (object: string) => object.replace(/\/([^/]+)$/, "?chosen=$1");

/** The address of the first object of a list. */
export async function firstOf(page: Page, list: string): Promise<string> {
  await page.goto(`/${list}`);
  const links = page.getByRole("main").getByRole("table").getByRole("link");
  const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  const object = addresses.find((href) => new RegExp(`^/${list}/[0-9a-f-]{36}$`).test(href));
  if (!object) throw new Error(`the list ${list} is empty`);
  return object;
}
