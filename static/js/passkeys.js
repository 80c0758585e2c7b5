// Passkeys (WebAuthn): asks the device, puts its answer into the form and sends it.
// data-passkey: "sign-in" (options are fetched), "again" (options stand in the page), "add".

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function decoded(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    for (const known of key[list] || []) known.id = bytes(known.id);
  }
  return options;
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsFor(form) {
  if (form.dataset.passkey === "sign-in") {
    const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return (await answer.json()).request_options;
  }
  const told = JSON.parse(document.getElementById("passkey-data").textContent);
  if (form.dataset.passkey === "again") return told.request_options;
  const choice = told.creation_options.publicKey.authenticatorSelection;
  Object.assign(choice, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  return told.creation_options;
}

async function ask(form) {
  const options = decoded(await optionsFor(form));
  const credential = await (form.dataset.passkey === "add"
    ? navigator.credentials.create(options)
    : navigator.credentials.get(options));
  form.elements.credential.value = encoded(credential);
  form.submit();
}

const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
for (const form of document.querySelectorAll("[data-passkey]")) {
  const told = form.querySelector(".error");
  const say = (words) => {
    told.textContent = words;
    told.hidden = false;
  };
  if (!window.PublicKeyCredential || isNumber) {
    if (form.dataset.passkey !== "add") continue;
    const named = new URL(location.href);
    named.hostname = "localhost";
    say(isNumber ? form.dataset.number.replace("%s", named.origin) : form.dataset.none);
    form.querySelector("[type=submit]").disabled = true;
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.hidden = true;
    ask(form).catch(() => say(form.dataset.failed));
  });
}
