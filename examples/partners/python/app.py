"""A partner on Python's standard library: http.server in front, http.client towards the bank, HS256 by hmac."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

BANK = os.environ["BANK"]
IS_BTG = BANK == "btg"
API_URL = os.environ["ACCOUNTS_ENDPOINT" if IS_BTG else "BALANCE_ENDPOINT"]
ISSUER = os.environ["ISSUER"] if IS_BTG else None
CLIENT_ID, CLIENT_SECRET = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
REDIRECT_URI, SCOPE = os.environ["REDIRECT_URI"], os.environ["SCOPE"]
TIMEOUT = float(os.environ.get("BANK_TIMEOUT_MS", "5000")) / 1000


class Failure(Exception):
    """kind: refused, lost, down, unusable, misconfigured, or consent, which only the customer can cure."""

    def __init__(self, kind, retry_after=None):
        super().__init__(kind)
        self.kind, self.retry_after = kind, retry_after


def exchange(method, url, headers, body=None):
    """One request on a connection of its own; no redirect is followed."""
    parts = urlsplit(url)
    connection_class = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connection_class(parts.netloc, timeout=TIMEOUT)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        raise Failure("lost") from None
    finally:
        connection.close()


def parse_object(text):
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class TokenEndpoint:
    def __init__(self):
        self._paused_until = 0.0

    def _pause_over(self):
        """The bank asked for a pause: a short one is waited out, of a long one the customer is told."""
        while (wait := self._paused_until - time.time()) > 0:
            if wait > 4:
                raise Failure("down", wait)
            time.sleep(wait)

    def ask(self, parameters):
        self._pause_over()
        asked_at = time.time()
        pair = f"{quote_plus(CLIENT_ID)}:{quote_plus(CLIENT_SECRET)}".encode()
        headers = {
            "Authorization": "Basic " + base64.b64encode(pair).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        status, answer_headers, text = exchange("POST", os.environ["TOKEN_ENDPOINT"], headers, urlencode(parameters))
        wanted = answer_headers.get("Retry-After", "")
        retry_after = float(wanted) if wanted.isdigit() else None
        if status == 429:
            self._paused_until = time.time() + (retry_after if retry_after is not None else 60)
            raise Failure("down", self._paused_until - time.time())
        if status >= 500:
            raise Failure("lost", retry_after)
        members = parse_object(text) or {}
        if status >= 400:
            raise Failure("refused" if members.get("error") == "invalid_grant" else "misconfigured")
        access_token = members.get("access_token")
        if not isinstance(access_token, str) or access_token == "":
            raise Failure("lost")
        if str(members.get("token_type", "")).lower() != "bearer":
            raise Failure("unusable")
        lifetime = members.get("expires_in")
        return {
            "access_token": access_token,
            "refresh_token": members.get("refresh_token") or None,
            "renew_at": asked_at + lifetime - min(60, lifetime / 10) if is_number(lifetime) else float("inf"),
            "id_token": members.get("id_token"),
        }


TOKENS = TokenEndpoint()


def b64decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified_claims(id_token, nonce=None, original=None):
    """Checks BTG's id_token (OpenID Connect Core 3.1.3.7, 12.2): HS256 with the client secret, and nothing else."""
    try:
        header_part, payload_part, signature = id_token.split(".")
        header, claims = json.loads(b64decode(header_part)), json.loads(b64decode(payload_part))
        given = b64decode(signature)
    except (AttributeError, ValueError):
        raise Failure("unusable") from None
    signed = f"{header_part}.{payload_part}".encode()
    expected = hmac.new(CLIENT_SECRET.encode(), signed, hashlib.sha256).digest()
    now = time.time()
    audience = claims.get("aud")
    audience = audience if isinstance(audience, list) else [audience]
    right = (
        header.get("alg") == "HS256"
        and str(header.get("typ", "JWT")).lower() == "jwt"
        and hmac.compare_digest(expected, given)
        and claims.get("iss") == ISSUER
        and isinstance(claims.get("sub"), str)
        and audience != []
        and all(one == CLIENT_ID for one in audience)
        and is_number(claims.get("exp"))
        and is_number(claims.get("iat"))
        and now < claims["exp"] + 60
        and now - 660 < claims["iat"] < now + 60
        and (nonce is None or claims.get("nonce") == nonce)
    )
    if right and original is not None:
        right = claims["sub"] == original["sub"] and claims.get("nonce", original.get("nonce")) == original.get("nonce")
    if not right:
        raise Failure("unusable")
    return claims


def is_of_company(said):
    """Whoever logged in at BTG may have chosen another company: its accounts are not for this customer."""
    if not IS_BTG:
        return True
    company, accounts = urlsplit(API_URL).path.split("/")[-3], said.get("data")
    return isinstance(accounts, list) and all(str(one.get("accountId")).startswith(f"{company}-") for one in accounts)


class Grant:
    """What one customer consented to. Its lock lets one thread refresh; the others find the new token."""

    def __init__(self, tokens, claims):
        self._tokens, self._claims = tokens, claims
        self._lock = threading.Lock()
        self._over, self._failures, self._rest_until, self._rejected = False, 0, 0.0, None

    def call(self):
        if time.time() >= self._tokens["renew_at"]:
            self._refresh(self._tokens["access_token"])
        first = self._tokens["access_token"]
        answer = self._ask(first)
        if not answer[2] or self._rejected == first:
            return answer
        self._refresh(first)
        second = self._tokens["access_token"]
        again = self._ask(second)
        self._rejected = second if again[2] else None
        return again

    def _ask(self, access_token):
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        status, _, text = exchange("GET", API_URL, headers)
        return status, text, status == 401 or (400 <= status < 500 and text.strip() == "Invalid token")

    def _refresh(self, used):
        with self._lock:
            if self._tokens["access_token"] != used:
                return
            refresh_token = self._tokens["refresh_token"]
            if self._over or refresh_token is None:
                raise Failure("consent")
            wait = self._rest_until - time.time()
            if wait > 0:
                raise Failure("down", wait)
            parameters = {"grant_type": "refresh_token", "refresh_token": refresh_token}
            if not IS_BTG:
                parameters["scope"] = SCOPE
            try:
                self._take(self._ask_twice(parameters), refresh_token)
            except Failure as failure:
                if failure.kind in ("refused", "unusable"):
                    self._over = True
                    raise Failure("consent") from None
                self._failures += 1
                self._rest_until = time.time() + max(failure.retry_after or 0, min(60, 2**self._failures))
                raise

    def _ask_twice(self, parameters):
        try:
            return TOKENS.ask(parameters)
        except Failure as failure:
            if failure.kind != "lost" or failure.retry_after is not None:
                raise
        # The answer is lost: if the bank never saw the request, the same token works now.
        return TOKENS.ask(parameters)

    def _take(self, tokens, refresh_token):
        if self._claims is not None and tokens["id_token"] is not None:
            verified_claims(tokens["id_token"], original=self._claims)
        self._tokens = {**tokens, "refresh_token": tokens["refresh_token"] or refresh_token}
        self._failures = 0


SESSIONS = {}
SESSIONS_LOCK = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """The default writes the callback's address, and with it the code."""

    def do_GET(self):
        parts = urlsplit(self.path)
        routes = {"/connect": self.connect, "/callback": self.callback, "/balance": self.balance}
        if parts.path == "/health":
            return self.answer(200, {"status": "ok"})
        if parts.path not in routes:
            return self.page(404, "Página não encontrada")
        try:
            routes[parts.path](parse_qs(parts.query, keep_blank_values=True))
        except Failure as failure:
            self.fail(failure, parts.path)
        except Exception as error:
            print(f"{parts.path}: {type(error).__name__}", file=sys.stderr, flush=True)
            self.page(500, "Erro inesperado")

    def session(self):
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("python_session")
        return SESSIONS.get(cookie.value) if cookie is not None else None

    def connect(self, _query):
        session, headers = self.session(), []
        if session is None:
            identifier = secrets.token_urlsafe(32)
            session = {"pending": {}, "grant": None}
            SESSIONS[identifier] = session
            headers = [("Set-Cookie", f"python_session={identifier}; Path=/; HttpOnly; SameSite=Lax")]
        state = secrets.token_urlsafe(32)
        started = {"verifier": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32), "at": time.time()}
        session["pending"][state] = started
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "scope": SCOPE,
            "state": state,
        }
        if IS_BTG:
            digest = hashlib.sha256(started["verifier"].encode()).digest()
            query["nonce"] = started["nonce"]
            query["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            query["code_challenge_method"] = "S256"
        location = f"{os.environ['AUTHORIZATION_ENDPOINT']}?{urlencode(query)}"
        self.send(302, "", "text/plain", [*headers, ("Location", location)])

    def callback(self, query):
        session = self.session()
        if session is None or any(len(query.get(name, [])) > 1 for name in ("code", "state", "error", "iss")):
            return self.page(400, "O retorno do banco não vale mais")
        value = {name: values[0] for name, values in query.items()}
        with SESSIONS_LOCK:
            started = session["pending"].pop(value.get("state", ""), None)
        if started is None or time.time() > started["at"] + 900 or value.get("iss") != ISSUER:
            return self.page(400, "O retorno do banco não vale mais")
        if "error" in value or value.get("code", "") == "":
            return self.page(400, "Nada foi conectado")
        parameters = {"grant_type": "authorization_code", "code": value["code"], "redirect_uri": REDIRECT_URI}
        if IS_BTG:
            parameters["code_verifier"] = started["verifier"]
        tokens = TOKENS.ask(parameters)
        claims = verified_claims(tokens["id_token"], nonce=started["nonce"]) if IS_BTG else None
        session["grant"] = Grant(tokens, claims)
        self.page(200, "Conta conectada")

    def balance(self, _query):
        session = self.session()
        if session is None or session["grant"] is None:
            raise Failure("consent")
        status, text, _ = session["grant"].call()
        said = parse_object(text)
        if status == 200 and said is not None and is_of_company(said):
            return self.answer(200, said)
        self.answer(403 if status == 403 else 502, {"error": "bank_refused"})

    def fail(self, failure, path):
        if failure.kind == "consent":
            return self.answer(409, {"error": "consent_required", "connect": "/connect"})
        print(f"{path}: {failure.kind}", file=sys.stderr, flush=True)
        if failure.kind == "refused":
            return self.page(400, "O banco não aceitou o código")
        status = 502 if failure.kind in ("unusable", "misconfigured") else 503
        headers = [("Retry-After", str(max(1, round(failure.retry_after or 1))))]
        if path == "/balance":
            return self.answer(status, {"error": "bank_unavailable"}, headers)
        self.page(status, "O banco não respondeu", headers)

    def answer(self, status, value, headers=()):
        self.send(status, json.dumps(value), "application/json", headers)

    def page(self, status, title, headers=()):
        link = '<a href="/connect">Conectar a conta</a>'
        html = f"<!doctype html><title>{title}</title><h1>{title}</h1>{link}"
        self.send(status, html, "text/html; charset=utf-8", headers)

    def send(self, status, text, content_type, headers):
        body = text.encode()
        self.send_response(status)
        for name, value in [("Content-Type", content_type), ("Cache-Control", "no-store"), *headers]:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


Server(("127.0.0.1", int(os.environ.get("PORT", "4220"))), Handler).serve_forever()
