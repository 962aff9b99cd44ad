// What the load generators share: a session of the user that data.sh made, one request, and lines for the table.
import http from "node:http";

const PASSWORD = "a-million-events-88";

/** Asks once; gives the status, the length of the body and how long it took, in milliseconds. */
export function ask(agent, server, path, headers, body) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const request = http.request(server + path, { agent, headers, method: body ? "POST" : "GET" }, (response) => {
      let bytes = 0;
      response.on("data", (chunk) => (bytes += chunk.length));
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, bytes, time: performance.now() - begun });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The cookie of a new session. */
export async function signIn(server, user) {
  const headers = { origin: server, "content-type": "application/x-www-form-urlencoded" };
  const answer = await ask(new http.Agent(), server, "/sign-in", headers, new URLSearchParams({ user, password: PASSWORD }).toString());
  const cookies = answer.headers["set-cookie"] ?? [];
  if (answer.status !== 303 || !cookies.length) throw new Error(`${user} was not signed in: ${answer.status}`);
  return cookies.map((cookie) => cookie.split(";")[0]).join("; ");
}

/** Below which so much of the values is. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

export function print(id, what, value, limit) {
  const unit = "ms";
  const line = { id, what, value: Number(value.toFixed(1)), unit, compared: null, bar: `<= ${limit} ${unit}`, met: value <= limit };
  console.log(JSON.stringify(line));
}
