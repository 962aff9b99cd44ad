// The console's page: asks for a ticket, connects noVNC with it, and keeps the bar true. The words are the
// page's (data-…). A lost connection is tried again a few times by itself, and by the button at any time.
import RFB from "@novnc/novnc";

const page = document.querySelector("[data-console]");
const byId = (id) => document.getElementById(id);
const TRIES = 5;
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
  const mine = new RFB(byId("console-screen"), url.href);
  let refused = "";
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

if (page) {
  byId("console-cad").addEventListener("click", () => rfb?.sendCtrlAltDel());
  byId("console-full").addEventListener("click", () => byId("console-screen").requestFullscreen());
  byId("console-again").addEventListener("click", () => {
    tries = 0;
    connect();
  });
  connect();
}
