"""Voice messages to test with: real recordings of Chromium's own test microphone."""

import base64

from playwright.sync_api import Browser, Playwright

from tests.browser.serving import page, serving
from tests.browsers import chromium_options

RECORD = """async (milliseconds) => {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true })
  const recorder = new MediaRecorder(microphone, { mimeType: "audio/webm;codecs=opus" })
  const pieces = []
  recorder.ondataavailable = ({ data }) => pieces.push(data)
  recorder.start()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop() })
  for (const track of microphone.getTracks()) track.stop()
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
}"""


def launch_with_microphone(playwright: Playwright) -> Browser:
    """Start a browser whose microphone beeps once a second."""
    options = chromium_options()
    options["args"] = [*options["args"], "--use-fake-device-for-media-stream"]
    return playwright.chromium.launch(**options)


def recorded_voice(playwright: Playwright, milliseconds: int = 1_500) -> bytes:
    """Record a message as a phone does: Opus in WebM, its length not written into it."""
    browser = launch_with_microphone(playwright)
    with serving(lambda _: page("<title>recording</title>")) as url:
        context = browser.new_context()
        context.grant_permissions(["microphone"], origin=url)
        opened = context.new_page()
        opened.goto(url)
        recorded: str = opened.evaluate(RECORD, milliseconds)
    browser.close()
    return base64.b64decode(recorded)
