"""A security key in a real browser: enrolment, signing in, the challenge before a decision, and a page that phishes."""

import json
import re

import pytest

PASSWORD = "a password of some length"
# What a page elsewhere does with a challenge that it got from the desk, to have the victim's key answer it.
PHISH = """
async (options) => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
  const asked = options.publicKey;
  asked.challenge = bytes(asked.challenge);
  for (const known of asked.allowCredentials || []) known.id = bytes(known.id);
  const got = await navigator.credentials.get({publicKey: asked});
  const answer = {};
  for (const part of ["clientDataJSON", "authenticatorData", "signature"]) answer[part] = text(got.response[part]);
  return {id: got.id, rawId: text(got.rawId), type: got.type, response: answer, clientExtensionResults: {}};
}
"""


class Holder:
    """A new member and their key, in one browser window."""

    def __init__(self, site, browser):
        told = site.manage(
            *("create_staff", "key@example.org", "--name", "Key", "--role", "reviewer"),
            *("--invited-by", "demo-senior1@example.org", "--seconded-by", "demo-senior2@example.org"),
        ).stdout
        self.site, self.link = site, re.search(r"http://localhost:\d+/enrol/\S+", told)[0]
        self.window = browser.new_context(locale="en-GB")
        self.page = self.window.new_page()
        keys = self.window.new_cdp_session(self.page)
        keys.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        keys.send(
            "WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}}
        )

    def go(self, path):
        return self.page.goto(self.site.staff_url + path)

    def enrol(self):
        self.page.goto(self.link)
        for name in ("passphrase", "again"):
            self.page.fill(f"[name={name}]", "a passphrase of some length")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button")
        self.page.wait_for_url("**/accounts/login/")

    def type_password(self):
        self.go("/accounts/login/")
        self.page.fill("[name=login]", "key@example.org")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form[action='/accounts/login/'] button")

    def challenge(self):
        """What the page that is open asks the key, and the token that its form carries."""
        asked = json.loads(self.page.locator("#js_data").text_content())
        return asked["request_options"], self.page.locator(
            "#webauthn_form [name=csrfmiddlewaretoken]"
        ).input_value()

    def phished(self, origin, options):
        """The key's answer to that challenge, given on a page of another origin."""
        self.page.goto(origin)
        return self.page.evaluate(PHISH, options)

    def send(self, path, credential, token):
        answer = self.page.request.post(
            self.site.staff_url + path,
            form={"credential": json.dumps(credential), "csrfmiddlewaretoken": token},
            headers={"Origin": self.site.staff_url, "Referer": self.site.staff_url + path},
            max_redirects=0,
        )
        return answer.status

    def signed_in(self):
        return self.go("/queue/").ok and self.page.url.endswith("/queue/")


@pytest.fixture
def holder(running_site, browser):
    made = Holder(running_site, browser)
    yield made
    made.window.close()


def test_a_security_key_from_enrolment_to_a_phishing_page(holder):
    page = holder.page
    holder.enrol()
    holder.type_password()
    page.wait_for_url("**/second-factor/")
    assert not holder.signed_in()
    page.click("a[href$='/factor/keys/add/']")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/factor/codes/")
    assert holder.signed_in()

    page.click("form[action='/accounts/logout/'] button")
    holder.type_password()
    page.wait_for_url("**/accounts/factor/check/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/queue/")
    assert page.goto(holder.link).status == 410

    # the challenge before a decision, answered by the key
    holder.go("/accounts/factor/keys/again/?next=/team/")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/team/")

    # a page on another port of the same host, to which WebAuthn alone would give the key
    page.click("form[action='/accounts/logout/'] button")
    holder.type_password()
    page.wait_for_url("**/accounts/factor/check/")
    options, token = holder.challenge()
    elsewhere = f"http://localhost:{holder.site.public_port}/robots.txt"
    assert holder.send("/accounts/factor/check/", holder.phished(elsewhere, options), token) == 200
    assert not holder.signed_in(), "an answer given elsewhere opens nothing"
    holder.go("/accounts/factor/check/")  # the sign-in still waits for its second step
    options, token = holder.challenge()
    own = holder.phished(holder.site.staff_url + "/robots.txt", options)
    assert holder.send("/accounts/factor/check/", own, token) == 302, "the same answer, given at the desk"
    assert holder.signed_in()
