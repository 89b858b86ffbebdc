import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A partner on the JDK alone, run by {@code java App.java}. At BS2 its backend makes the documented authorization
 * request with HTTP Basic and hands the bank's Location on to the browser; at BTG state and PKCE defend the callback.
 */
public final class App {
  static final boolean IS_BTG = env("BANK").equals("btg");
  static final URI API = URI.create(env(IS_BTG ? "ACCOUNTS_ENDPOINT" : "BALANCE_ENDPOINT"));
  static final Duration TIMEOUT =
      Duration.ofMillis(Long.parseLong(System.getenv().getOrDefault("BANK_TIMEOUT_MS", "5000")));
  static final String BASIC = basic(encoded(env("CLIENT_ID")) + ":" + encoded(env("CLIENT_SECRET")));
  static final HttpClient HTTP;

  static {
    // A connection that dies while it is idle would look like an answer that was lost.
    System.setProperty("jdk.httpclient.keepalive.timeout", "1");
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  }

  enum Kind { REFUSED, LOST, DOWN, UNUSABLE, MISCONFIGURED, CONSENT }

  /** What went wrong; CONSENT is what only the customer can cure. */
  static final class Failure extends RuntimeException {
    final Kind kind;
    final Duration retryAfter;

    Failure(Kind kind, Duration retryAfter) {
      super(kind.name());
      this.kind = kind;
      this.retryAfter = retryAfter;
    }

    Failure(Kind kind) {
      this(kind, null);
    }
  }

  record Tokens(String access, String refresh, Instant renewAt) {}

  record Pending(String verifier, Instant startedAt) {}

  /** A customer, known by a cookie. */
  static final class Session {
    final Map<String, Pending> pending = new ConcurrentHashMap<>();
    volatile Grant grant;
  }

  static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();
  static volatile Instant pausedUntil = Instant.EPOCH;

  // Towards the bank.

  static HttpResponse<String> send(HttpRequest request) {
    try {
      // The request's own time-out ends with the headers; this one is for the whole answer.
      return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString())
          .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new Failure(Kind.LOST);
    }
  }

  /** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
  static void pauseOver() {
    for (;;) {
      Duration wait = Duration.between(Instant.now(), pausedUntil);
      if (wait.isNegative() || wait.isZero()) return;
      if (wait.toSeconds() >= 4) throw new Failure(Kind.DOWN, wait);
      try {
        Thread.sleep(wait.toMillis() + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure(Kind.DOWN, wait);
      }
    }
  }

  static Tokens askForTokens(Map<String, String> parameters) {
    pauseOver();
    Instant askedAt = Instant.now();
    HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(env("TOKEN_ENDPOINT")))
        .timeout(TIMEOUT)
        .header("Authorization", BASIC)
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form(parameters)))
        .build());
    int status = answer.statusCode();
    Duration retryAfter = answer.headers().firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(null);
    if (status == 429) {
      Duration pause = retryAfter == null ? Duration.ofMinutes(1) : retryAfter;
      pausedUntil = Instant.now().plus(pause);
      throw new Failure(Kind.DOWN, pause);
    }
    if (status >= 500) throw new Failure(Kind.LOST, retryAfter);
    Map<String, Object> members = Json.object(answer.body());
    if (status >= 400) {
      boolean isRefused = members != null && "invalid_grant".equals(members.get("error"));
      throw new Failure(isRefused ? Kind.REFUSED : Kind.MISCONFIGURED);
    }
    if (members == null || !(members.get("access_token") instanceof String access) || access.isEmpty()) {
      throw new Failure(Kind.LOST);
    }
    if (!(members.get("token_type") instanceof String type) || !type.equalsIgnoreCase("bearer")) {
      throw new Failure(Kind.UNUSABLE);
    }
    Instant renewAt = Instant.MAX;
    if (members.get("expires_in") instanceof Double seconds) {
      renewAt = askedAt.plusMillis((long) (1000 * (seconds - Math.min(60, seconds / 10))));
    }
    String refresh = members.get("refresh_token") instanceof String text && !text.isEmpty() ? text : null;
    return new Tokens(access, refresh, renewAt);
  }

  /** What a customer consented to. */
  static final class Grant {
    private volatile Tokens tokens;
    private volatile String rejected;
    private boolean isOver;
    private int failures;
    private Instant restUntil = Instant.MIN;

    Grant(Tokens tokens) {
      this.tokens = tokens;
    }

    HttpResponse<String> call() {
      if (!Instant.now().isBefore(tokens.renewAt())) refresh(tokens.access());
      String first = tokens.access();
      HttpResponse<String> answer = ask(first);
      if (!isRejected(answer) || first.equals(rejected)) return answer;
      refresh(first);
      String second = tokens.access();
      HttpResponse<String> again = ask(second);
      rejected = isRejected(again) ? second : null;
      return again;
    }

    private static HttpResponse<String> ask(String access) {
      return send(HttpRequest.newBuilder(API).timeout(TIMEOUT)
          .header("Authorization", "Bearer " + access).header("Accept", "application/json").build());
    }

    private static boolean isRejected(HttpResponse<String> answer) {
      int status = answer.statusCode();
      return status == 401 || (status >= 400 && status < 500 && answer.body().strip().equals("Invalid token"));
    }

    /** One thread refreshes; those that waited find that {@code used} is no longer the token. */
    private synchronized void refresh(String used) {
      if (!tokens.access().equals(used)) return;
      if (isOver || tokens.refresh() == null) throw new Failure(Kind.CONSENT);
      Instant now = Instant.now();
      if (now.isBefore(restUntil)) throw new Failure(Kind.DOWN, Duration.between(now, restUntil));
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("grant_type", "refresh_token");
      parameters.put("refresh_token", tokens.refresh());
      if (!IS_BTG) parameters.put("scope", env("SCOPE"));
      try {
        Tokens given = askTwice(parameters);
        String next = given.refresh() == null ? tokens.refresh() : given.refresh();
        tokens = new Tokens(given.access(), next, given.renewAt());
        failures = 0;
      } catch (Failure failure) {
        isOver = failure.kind == Kind.REFUSED || failure.kind == Kind.UNUSABLE;
        if (isOver) throw new Failure(Kind.CONSENT);
        failures = Math.min(failures + 1, 6);
        Duration rest = Duration.ofSeconds(1L << failures);
        boolean isLonger = failure.retryAfter != null && failure.retryAfter.compareTo(rest) > 0;
        restUntil = Instant.now().plus(isLonger ? failure.retryAfter : rest);
        throw failure;
      }
    }

    /** Where the answer is lost the same token is tried once more: the bank may never have seen it. */
    private static Tokens askTwice(Map<String, String> parameters) {
      try {
        return askForTokens(parameters);
      } catch (Failure failure) {
        if (failure.kind != Kind.LOST || failure.retryAfter != null) throw failure;
        return askForTokens(parameters);
      }
    }
  }

  // Towards the customer.

  static void connect(HttpExchange exchange) throws IOException {
    Session session = sessionOf(exchange);
    if (session == null) {
      String id = random();
      session = new Session();
      SESSIONS.put(id, session);
      exchange.getResponseHeaders().add("Set-Cookie", "java_session=" + id + "; Path=/; HttpOnly; SameSite=Lax");
    }
    String state = random();
    String verifier = random();
    session.pending.put(state, new Pending(verifier, Instant.now()));
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("redirect_uri", env("REDIRECT_URI"));
    query.put("scope", env("SCOPE"));
    query.put("state", state);
    if (IS_BTG) {
      query.put("client_id", env("CLIENT_ID"));
      query.put("code_challenge", sha256(verifier));
      query.put("code_challenge_method", "S256");
    }
    String address = env("AUTHORIZATION_ENDPOINT") + "?" + form(query);
    exchange.getResponseHeaders().set("Location", IS_BTG ? address : loginAddress(address));
    answer(exchange, 302, "text/plain", "");
  }

  /** BS2's documented request: a GET with Basic, whose Location is for the browser. It is not followed here. */
  static String loginAddress(String address) {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT).header("Authorization", BASIC).build());
    String location = answer.headers().firstValue("Location").orElse(null);
    if (answer.statusCode() != 302 || location == null) throw new Failure(Kind.MISCONFIGURED);
    return URI.create(address).resolve(location).toString();
  }

  static void callback(HttpExchange exchange) throws IOException {
    Map<String, List<String>> query = parameters(exchange.getRequestURI().getRawQuery());
    Session session = sessionOf(exchange);
    String state = first(query, "state");
    Pending pending = session == null || state == null ? null : session.pending.remove(state);
    boolean isDoubled = List.of("code", "state", "error", "iss").stream()
        .anyMatch(name -> query.getOrDefault(name, List.of()).size() > 1);
    boolean isOurs = pending != null && Instant.now().isBefore(pending.startedAt().plusSeconds(900));
    String iss = first(query, "iss");
    boolean isFromBank = IS_BTG ? env("ISSUER").equals(iss) : iss == null;
    if (isDoubled || !isOurs || !isFromBank) {
      page(exchange, 400, "O retorno do banco não vale mais");
      return;
    }
    String code = first(query, "code");
    if (query.containsKey("error") || code == null || code.isEmpty()) {
      page(exchange, 400, "Nada foi conectado");
      return;
    }
    Map<String, String> request = new LinkedHashMap<>();
    request.put("grant_type", "authorization_code");
    request.put("code", code);
    request.put("redirect_uri", env("REDIRECT_URI"));
    if (IS_BTG) request.put("code_verifier", pending.verifier());
    session.grant = new Grant(askForTokens(request));
    page(exchange, 200, "Conta conectada");
  }

  static void balance(HttpExchange exchange) throws IOException {
    Session session = sessionOf(exchange);
    if (session == null || session.grant == null) throw new Failure(Kind.CONSENT);
    HttpResponse<String> answer = session.grant.call();
    Map<String, Object> said = Json.object(answer.body());
    if (answer.statusCode() == 200 && said != null && (!IS_BTG || isOfCompany(said))) {
      answer(exchange, 200, "application/json", answer.body());
      return;
    }
    answer(exchange, answer.statusCode() == 403 ? 403 : 502, "application/json", "{\"error\":\"bank_refused\"}");
  }

  /** Whoever logged in at BTG may have chosen another company: its accounts are not for this customer. */
  static boolean isOfCompany(Map<String, Object> said) {
    String[] path = API.getPath().split("/");
    String prefix = path[path.length - 3] + "-";
    return said.get("data") instanceof List<?> accounts && accounts.stream().allMatch(account ->
        account instanceof Map<?, ?> members && String.valueOf(members.get("accountId")).startsWith(prefix));
  }

  static void fail(HttpExchange exchange, Failure failure) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (failure.kind == Kind.CONSENT) {
      answer(exchange, 409, "application/json", "{\"error\":\"consent_required\",\"connect\":\"/connect\"}");
      return;
    }
    System.err.println(path + ": " + failure.kind);
    if (failure.kind == Kind.REFUSED) {
      page(exchange, 400, "O banco não aceitou o código");
      return;
    }
    int status = failure.kind == Kind.UNUSABLE || failure.kind == Kind.MISCONFIGURED ? 502 : 503;
    long seconds = failure.retryAfter == null ? 1 : Math.max(1, failure.retryAfter.toSeconds());
    exchange.getResponseHeaders().set("Retry-After", Long.toString(seconds));
    if (path.equals("/balance")) answer(exchange, status, "application/json", "{\"error\":\"bank_unavailable\"}");
    else page(exchange, status, "O banco não respondeu");
  }

  static Session sessionOf(HttpExchange exchange) {
    for (String cookies : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
      for (String cookie : cookies.split("; ?")) {
        if (cookie.startsWith("java_session=")) return SESSIONS.get(cookie.substring("java_session=".length()));
      }
    }
    return null;
  }

  static void page(HttpExchange exchange, int status, String title) throws IOException {
    String link = "<a href=\"/connect\">Conectar a conta</a>";
    String html = "<!doctype html><title>" + title + "</title><h1>" + title + "</h1>" + link;
    answer(exchange, status, "text/html; charset=utf-8", html);
  }

  static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) exchange.getResponseBody().write(body);
    exchange.close();
  }

  interface Route {
    void handle(HttpExchange exchange) throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "4210"));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
    Map<String, Route> routes = Map.of(
        "/health", exchange -> answer(exchange, 200, "text/plain", "ok"),
        "/connect", App::connect,
        "/callback", App::callback,
        "/balance", App::balance);
    server.createContext("/", exchange -> {
      Route route = routes.get(exchange.getRequestURI().getPath());
      try {
        if (route == null) page(exchange, 404, "Página não encontrada");
        else route.handle(exchange);
      } catch (Failure failure) {
        fail(exchange, failure);
      } catch (RuntimeException e) {
        System.err.println("unexpected: " + e.getClass().getSimpleName());
        page(exchange, 500, "Erro inesperado");
      }
    });
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  // Small things that the JDK lacks.

  static String env(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) throw new IllegalStateException("Expected " + name + " in the environment.");
    return value;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  static String form(Map<String, String> parameters) {
    List<String> pairs = new ArrayList<>();
    parameters.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return String.join("&", pairs);
  }

  static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      String value = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
      found.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), name -> new ArrayList<>()).add(value);
    }
    return found;
  }

  static String first(Map<String, List<String>> parameters, String name) {
    return parameters.containsKey(name) ? parameters.get(name).get(0) : null;
  }

  static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads JSON (RFC 8259): objects as maps, arrays as lists, numbers as doubles. */
  static final class Json {
    private static final Pattern TOKEN = Pattern.compile(
        "\\s*(?:(?<mark>[{}\\[\\]:,])|\"(?<text>(?:[^\"\\\\\\p{Cntrl}]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*)\""
            + "|(?<number>-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)|(?<word>true|false|null))\\s*");
    private final Matcher matcher;
    /** Where the token before ends: nothing may stand between two of them. */
    private int end;

    private Json(String source) {
      matcher = TOKEN.matcher(source);
    }

    /** The object that a text is; null where it is none. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String source) {
      Json json = new Json(source);
      try {
        json.next();
        Object value = json.value();
        return value instanceof Map && json.end == source.length() ? (Map<String, Object>) value : null;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private void next() {
      if (!matcher.find() || matcher.start() != end) throw new IllegalArgumentException();
      end = matcher.end();
    }

    private boolean isMark(String mark) {
      return mark.equals(matcher.group("mark"));
    }

    private Object value() {
      if (matcher.group("text") != null) return unescaped(matcher.group("text"));
      if (matcher.group("number") != null) return Double.valueOf(matcher.group("number"));
      String word = matcher.group("word");
      if (word != null) return word.equals("null") ? null : word.equals("true");
      if (isMark("{")) return members();
      if (isMark("[")) return items();
      throw new IllegalArgumentException();
    }

    private Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      next();
      while (!isMark("}")) {
        String name = matcher.group("text");
        if (name == null) throw new IllegalArgumentException();
        next();
        if (!isMark(":")) throw new IllegalArgumentException();
        next();
        members.put(unescaped(name), value());
        next();
        if (isMark(",")) next();
        else if (!isMark("}")) throw new IllegalArgumentException();
      }
      return members;
    }

    private List<Object> items() {
      List<Object> items = new ArrayList<>();
      next();
      while (!isMark("]")) {
        items.add(value());
        next();
        if (isMark(",")) next();
        else if (!isMark("]")) throw new IllegalArgumentException();
      }
      return items;
    }

    private static String unescaped(String text) {
      StringBuilder plain = new StringBuilder();
      for (int at = 0; at < text.length(); at += 1) {
        char character = text.charAt(at);
        if (character != '\\') {
          plain.append(character);
          continue;
        }
        at += 1;
        switch (text.charAt(at)) {
          case 'b' -> plain.append('\b');
          case 'f' -> plain.append('\f');
          case 'n' -> plain.append('\n');
          case 'r' -> plain.append('\r');
          case 't' -> plain.append('\t');
          case 'u' -> {
            plain.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
            at += 4;
          }
          default -> plain.append(text.charAt(at));
        }
      }
      return plain.toString();
    }
  }

  private App() {}
}
