// A group's view of a round: asked for anew when a hint says that its figures moved, at most every few seconds.
import { refreshParts } from "./parts.js";

const PAUSE = 3000;
const round = document.querySelector("[data-group-round]")?.dataset.groupRound;
let timer, tries = 0;

function soon() {
  if (timer || document.hidden) return;
  timer = setTimeout(() => { timer = undefined; refreshParts(0); }, PAUSE * (0.5 + Math.random() / 2));
}

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/rounds/${round}/`);
  socket.onmessage = ({ data }) => {
    tries = 0;
    const { type } = JSON.parse(data);
    if (type === "round.changed" || type === "gap") soon();
    if (type === "window.state") setTimeout(() => location.reload(), 2000);
  };
  socket.onclose = ({ code }) => {
    if (code !== 4404) setTimeout(connect, Math.min(30000, 500 * 2 ** tries++) * (0.5 + Math.random()));
  };
}

if (round) {
  connect();
  document.addEventListener("visibilitychange", soon);
  addEventListener("online", soon);
}
