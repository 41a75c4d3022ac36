// A vendor's device on MQTT.js: told what to do in JSON lines, tells what happened in JSON lines.
import { createInterface } from "node:readline";
import mqtt from "mqtt";

const say = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
let account = null;
let client = null;

const deeds = {
  async claim({ url, code }) {
    const answer = await fetch(`${url}/device/claim`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    const body = await answer.json();
    if (answer.ok) account = body;
    say("claimed", { status: answer.status, device: body.device_id, code: body.code });
  },

  connect({ boot }) {
    const presence = `al/v1/${account.device_id}/up/presence`;
    const lost = JSON.stringify({ v: 1, type: "presence", state: "lost", boot });
    client = mqtt.connect({
      protocol: account.tls ? "mqtts" : "mqtt",
      host: account.host,
      port: account.port,
      ca: account.ca ?? undefined,
      protocolVersion: 5,
      clientId: account.username,
      username: account.username,
      password: account.secret,
      clean: false,
      properties: { sessionExpiryInterval: 604800 },
      will: { topic: presence, payload: lost, qos: 1, retain: true },
      reconnectPeriod: 500,
    });
    client.on("connect", () => {
      const birth = { v: 1, type: "presence", state: "ready", boot, model: "vendor-1", fw: "1.0", hb_s: 3600 };
      client.publish(presence, JSON.stringify(birth), { qos: 1, retain: true });
      client.subscribe(account.topics.subscribe, { qos: 1 }, () => say("connected"));
    });
    client.on("message", (topic, payload) => say("message", { topic, body: JSON.parse(payload.toString()) }));
    client.on("close", () => say("closed"));
    client.on("error", (error) => say("error", { code: error.code ?? null }));
  },

  publish({ topic, body }) {
    client.publish(topic, JSON.stringify(body), { qos: 1 }, (error) => say("published", { topic, failed: !!error }));
  },

  end() {
    client.end(true, {}, () => process.exit(0));
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { do: deed, ...how } = JSON.parse(line);
  Promise.resolve(deeds[deed](how)).catch((error) => say("failed", { deed, words: error.message }));
});
