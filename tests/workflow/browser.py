"""A headless Chromium without network, spoken to over the DevTools protocol's pipe."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --host-resolver-rules='MAP * ~NOTFOUND' "
    "--remote-debugging-pipe"
)


class Page:
    """One open page; `complaints` are its console errors, exceptions and failed requests."""

    def __init__(self, file: Path, scratch: Path) -> None:
        answers, to_us = os.pipe()
        from_us, self._commands = os.pipe()
        # The browser reads commands from its file 3 and answers on 4. Not every sh can take a
        # file of two digits there; bash can.
        self._browser = subprocess.Popen(
            f"exec {CHROMIUM} {_FLAGS} --user-data-dir={scratch} 3<&{from_us} 4>&{to_us}",
            shell=True,
            executable="/bin/bash",
            pass_fds=(from_us, to_us),
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self._answers = os.fdopen(answers, "rb", buffering=0)
        self._unread, self._count, self._session = b"", 0, ""
        self.complaints: list[str] = []
        self._requested: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Runtime", "Log", "Network", "Page"):
            self._call(f"{domain}.enable")
        self.open(file.as_uri())

    def open(self, address: str) -> None:
        """Go to another address, and wait until it is there."""
        # To an anchor of the same page one would not leave it.
        self._call("Page.navigate", url="about:blank")
        self._call("Page.navigate", url=address)
        self.wait_for("location.protocol === 'file:' && document.readyState === 'complete'")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, in pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)

    def prefer(self, scheme: str) -> None:
        """Be asked for "light" or "dark" pages."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._call("Emulation.setEmulatedMedia", features=[feature])

    def requests(self) -> list[str]:
        """Return the addresses that pages have asked for, those of files and data left out."""
        return [url for url in self._requested if not url.startswith(("file:", "data:", "about:"))]

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *_: object) -> None:
        self._call("Browser.close")
        self._browser.wait(timeout=60)
        os.close(self._commands)
        self._answers.close()

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            chunk = self._answers.read(65536)
            if not chunk:
                raise EOFError("the browser has ended")
            self._unread += chunk
        message, self._unread = self._unread.split(b"\0", 1)
        return json.loads(message)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        command = {"id": self._count, "method": method, "params": parameters}
        if self._session and not method.startswith("Browser."):
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (message := self._message()).get("id") != self._count:
            self._note(message)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        return message["result"]

    def _note(self, event: dict[str, Any]) -> None:
        method, content = event["method"], event["params"]
        if method == "Network.requestWillBeSent":
            self._requested.append(content["request"]["url"])
        wrong = (
            method == "Runtime.exceptionThrown"
            or (method == "Network.loadingFailed" and not content.get("canceled"))
            or (method == "Runtime.consoleAPICalled" and content["type"] in ("error", "assert"))
            or (method == "Log.entryAdded" and content["entry"]["level"] == "error")
        )
        if wrong:
            self.complaints.append(json.dumps(content)[:500])

    def evaluate(self, script: str) -> Any:
        """Return the value of a JavaScript expression, awaited if it is a promise."""
        answer = self._call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def _value_or_none(self, script: str) -> Any:
        """Return the value of an expression; None if the page is left meanwhile."""
        try:
            return self.evaluate(script)
        except RuntimeError as error:
            if "navigated" not in str(error):
                raise
            return None

    def wait_for(self, script: str, seconds: float = 60) -> Any:
        """Return the value of `script` as soon as it is true.

        Raises:
            TimeoutError: it does not become so.
        """
        deadline = time.monotonic() + seconds
        while not (value := self._value_or_none(script)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true on the page: {script}")
            time.sleep(0.1)
        return value
