// The page to choose a place on: the device's own place, on a tap only, and a pin where a map is set up.
import { words } from "./words.js";

const device = document.getElementById("device"), map = document.getElementById("map-data");

if (device && navigator.geolocation) {
  device.hidden = false;
  device.addEventListener("submit", (event) => {
    if (device.elements.latitude.value) return;
    event.preventDefault();
    const button = device.querySelector("button"), note = device.querySelector("[role=status]");
    button.disabled = true;
    note.textContent = words.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // Three decimals, about a hundred metres: enough to find the nearest round, and no more than that is kept.
        device.elements.latitude.value = coords.latitude.toFixed(3);
        device.elements.longitude.value = coords.longitude.toFixed(3);
        device.submit();
      },
      () => {
        button.disabled = false;
        note.textContent = words.refused;
      },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
}

if (map) draw(JSON.parse(map.textContent));

function draw({ tiles, attribution, pin, points }) {
  const form = document.getElementById("pinned");
  const { L } = self; // Leaflet, which only this page loads
  if (!L) return;
  form.hidden = false;
  const shown = L.map("map");
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(shown);
  for (const [latitude, longitude, name] of points) L.circleMarker([latitude, longitude], { radius: 7 }).bindTooltip(name).addTo(shown);
  const known = [...points.map(([latitude, longitude]) => [latitude, longitude]), ...(pin ? [pin] : [])];
  if (known.length) shown.fitBounds(L.latLngBounds(known).pad(0.3), { maxZoom: 15 });
  else shown.setView([0, 0], 2);
  let mark = pin && L.circleMarker(pin, { radius: 9, className: "own-pin" }).addTo(shown);
  shown.on("click", ({ latlng }) => {
    mark?.remove();
    mark = L.circleMarker(latlng, { radius: 9, className: "own-pin" }).addTo(shown);
    form.elements.latitude.value = latlng.lat.toFixed(5);
    form.elements.longitude.value = latlng.lng.toFixed(5);
    form.querySelector("button").disabled = false;
  });
}
