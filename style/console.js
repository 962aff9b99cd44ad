// The console's page: asks for a ticket, connects noVNC with it, and keeps the bar true. The words are the
// page's (data-…). A lost connection is tried again a few times by itself, and by the button at any time.
import RFB from "@novnc/novnc";

const page = document.querySelector("[data-console]");
const byId = (id) => document.getElementById(id);
const TRIES = 5;
/** How often a person at work here keeps the session alive, in milliseconds. */
const ACTIVE = 60_000;
let rfb = null;
let tries = 0;

function say(state, detail = "") {
  page.dataset.state = state;
  byId("console-state").textContent = detail || page.dataset[state];
  byId("console-cad").disabled = state !== "connected";
  byId("console-again").hidden = state === "connected";
}

async function ticket() {
  const answer = await fetch(`${page.dataset.console}/console/ticket`, {
    method: "POST",
    headers: { Accept: "application/json" },
  });
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body.ticket;
  throw Object.assign(new Error(body.words || page.dataset.failed), { final: answer.status < 500 });
}

async function connect() {
  rfb?.disconnect();
  rfb = null;
  say("connecting");
  try {
    open(await ticket());
  } catch (error) {
    say("failed", error.message);
    if (!error.final) later();
  }
}

function open(shown) {
  const url = new URL(`${page.dataset.console}/console/socket`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", shown);
  const socket = new WebSocket(url.href, ["binary"]);
  let refused = "";
  // Why the server closed it: the session has ended, the VM is off. Before noVNC hears of it.
  socket.addEventListener("close", (event) => (refused ||= event.reason));
  const mine = new RFB(byId("console-screen"), socket);
  rfb = mine;
  mine.scaleViewport = true;
  mine.focusOnClick = true;
  mine.addEventListener("connect", () => {
    tries = 0;
    say("connected");
    mine.focus();
  });
  mine.addEventListener("securityfailure", (event) => (refused = event.detail.reason ?? ""));
  mine.addEventListener("disconnect", (event) => {
    if (rfb !== mine) return;
    rfb = null;
    say("disconnected", refused);
    if (!event.detail.clean && !refused) later();
  });
}

function later() {
  if (tries++ < TRIES) setTimeout(() => rfb ?? connect(), 500 * 2 ** tries);
}

let told = -ACTIVE;

function active(event) {
  if (event.timeStamp - told < ACTIVE) return;
  told = event.timeStamp;
  fetch("/active", { method: "POST" }).catch(() => {});
}

if (page) {
  for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, active, { capture: true, passive: true });
  byId("console-cad").addEventListener("click", () => rfb?.sendCtrlAltDel());
  byId("console-full").addEventListener("click", () => byId("console-screen").requestFullscreen());
  byId("console-again").addEventListener("click", () => {
    tries = 0;
    connect();
  });
  connect();
}
