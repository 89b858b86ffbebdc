"""A shop on Django, in one file. Where the bank is comes from the settings, and so the mock's addresses can."""

import base64
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request

from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.urls import path


class ConsentOver(Exception):
    """The customer has to consent again."""


def connect(request):
    bank = settings.BS2
    state = request.session["state"] = secrets.token_urlsafe(32)
    query = {
        "response_type": "code",
        "client_id": bank["api_key"],
        "redirect_uri": bank["redirect_uri"],
        "scope": bank["scope"],
        "state": state,
    }
    return HttpResponseRedirect(f"{bank['authorization_endpoint']}?{urllib.parse.urlencode(query)}")


def callback(request):
    expected = request.session.pop("state", None)  # one use
    if expected is None or request.GET.getlist("state") != [expected]:
        return HttpResponseBadRequest("The state is another.")
    if "error" in request.GET:
        return HttpResponseBadRequest("The customer refused.")
    code, redirect_uri = request.GET["code"], settings.BS2["redirect_uri"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    request.session["tokens"] = ask_for_tokens(form)
    return HttpResponseRedirect("/balance")


def balance(request):
    tokens = request.session.get("tokens")
    try:
        if tokens is None:
            raise ConsentOver
        status, said = call_bank(settings.BS2["balance_endpoint"], f"Bearer {tokens['access_token']}")
        if status == 401:
            form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "scope": settings.BS2["scope"]}
            tokens = request.session["tokens"] = ask_for_tokens(form)
            request.session.save()  # before the new token is used
            status, said = call_bank(settings.BS2["balance_endpoint"], f"Bearer {tokens['access_token']}")
    except ConsentOver:
        request.session.pop("tokens", None)
        return JsonResponse({"error": "consent_required", "connect": "/connect"}, status=409)
    return JsonResponse(json.loads(said) if status == 200 else {"error": "bank_failed"}, status=200 if status == 200 else 502)


def ask_for_tokens(form):
    bank = settings.BS2
    pair = ":".join(urllib.parse.quote(part, safe="") for part in (bank["api_key"], bank["api_secret"]))
    basic = base64.b64encode(pair.encode()).decode()
    status, said = call_bank(bank["token_endpoint"], f"Basic {basic}", urllib.parse.urlencode(form).encode())
    if status == 200:
        return json.loads(said)
    if status == 400 and json.loads(said).get("error") == "invalid_grant":
        raise ConsentOver
    raise RuntimeError(f"BS2 answers {status}.")


def call_bank(url, authorization, body=None):
    request = urllib.request.Request(url, data=body, headers={"Authorization": authorization})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


urlpatterns = [path("connect", connect), path("callback", callback), path("balance", balance)]
