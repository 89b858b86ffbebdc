"""python -m unittest test_shop. One mock for all tests; HOMOLOGA is the command where it is not npx homologa."""

import json
import os
import subprocess
import unittest
import urllib.request

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    ROOT_URLCONF="shop",
    SECRET_KEY="of-a-test",
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    USE_TZ=True,
)
django.setup()

from django.test import Client, SimpleTestCase, override_settings  # noqa: E402


class ShopTest(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        command = os.environ.get("HOMOLOGA", "npx homologa").split() + ["serve", "--port", "0", "--json"]
        cls.mock = subprocess.Popen(command, stdout=subprocess.PIPE)
        cls.tenant = json.loads(cls.mock.stdout.readline())["tenants"]["default"]

    @classmethod
    def tearDownClass(cls):
        cls.mock.terminate()
        cls.mock.wait()
        cls.mock.stdout.close()
        super().tearDownClass()

    def setUp(self):
        self.control("/reset")
        bs2 = self.tenant["bs2"]
        bank = {
            "authorization_endpoint": bs2["authorizationEndpoint"],
            "token_endpoint": bs2["tokenEndpoint"],
            "balance_endpoint": bs2["balanceEndpoint"],
            "api_key": bs2["client"]["id"],
            "api_secret": bs2["client"]["secret"],
            "scope": "saldo",
            "redirect_uri": bs2["client"]["redirectUris"][0],
        }
        overriding = override_settings(BS2=bank)
        overriding.enable()
        self.addCleanup(overriding.disable)
        self.browser = Client()

    def control(self, path, **body):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.tenant["control"] + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def connect(self):
        authorization_url = self.browser.get("/connect")["Location"]
        redirect = self.control("/consents", authorizationUrl=authorization_url, decision="approve")["redirectTo"]
        return self.browser.get("/callback?" + redirect.split("?", 1)[1])

    def test_the_customer_sees_the_balance(self):
        self.assertRedirects(self.connect(), "/balance", fetch_redirect_response=False)
        self.assertEqual(self.browser.get("/balance").json()["valor"], 12345.67)

    def test_an_expired_access_token_is_renewed(self):
        self.connect()
        self.control("/clock/advance", by="PT7M")
        self.assertEqual(self.browser.get("/balance").status_code, 200)

    def test_a_month_later_the_customer_consents_again(self):
        self.connect()
        self.control("/clock/advance", by="P30D")
        self.assertEqual(self.browser.get("/balance").status_code, 409)

    def test_an_altered_state_connects_nobody(self):
        self.control("/faults", at="bs2.redirect", effect={"alter": "bs2.authorization-response.state-altered"})
        self.assertEqual(self.connect().status_code, 400)
        self.assertEqual(self.browser.get("/balance").status_code, 409)


if __name__ == "__main__":
    unittest.main()
