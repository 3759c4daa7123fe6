// One question at a time for one place of the page; asked meanwhile, it is asked once more afterwards.

export function fetched(address) {
  return fetch(address, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" }).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  });
}

export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

export function inTurn(act) {
  let busy = false;
  let more = false;
  return async function ask() {
    if (busy) {
      more = true;
      return;
    }
    busy = true;
    try {
      await act();
    } catch {
      // it is asked again at the next news
    }
    busy = false;
    if (more) {
      more = false;
      ask();
    }
  };
}
