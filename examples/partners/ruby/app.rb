# frozen_string_literal: true

# A partner on Ruby's standard library and WEBrick. state and iss are the defence of its callback; it uses no id_token.
require 'base64'
require 'json'
require 'net/http'
require 'securerandom'
require 'uri'
require 'webrick'

IS_BTG = ENV.fetch('BANK') == 'btg'
API_URL = URI(ENV.fetch(IS_BTG ? 'ACCOUNTS_ENDPOINT' : 'BALANCE_ENDPOINT'))
TOKEN_URL = URI(ENV.fetch('TOKEN_ENDPOINT'))
ISSUER = IS_BTG ? ENV.fetch('ISSUER') : nil
REDIRECT_URI = ENV.fetch('REDIRECT_URI')
SCOPE = ENV.fetch('SCOPE')
CLIENT_ID = ENV.fetch('CLIENT_ID')
CLIENT_SECRET = ENV.fetch('CLIENT_SECRET')
TIMEOUT = ENV.fetch('BANK_TIMEOUT_MS', '5000').to_f / 1000

# kind: :refused, :lost, :down, :unusable, :misconfigured, or :consent, which only the customer can cure.
class Failure < StandardError
  attr_reader :kind, :retry_after

  def initialize(kind, retry_after = nil)
    super(kind.to_s)
    @kind = kind
    @retry_after = retry_after
  end
end

# One request, never repeated; Net::HTTP would repeat a GET whose answer does not come.
def exchange(url, request)
  http = Net::HTTP.new(url.hostname, url.port)
  http.use_ssl = url.scheme == 'https'
  http.open_timeout = http.read_timeout = http.write_timeout = TIMEOUT
  http.max_retries = 0
  http.start { |connection| connection.request(request) }
rescue SystemCallError, IOError, Timeout::Error, SocketError, Net::ProtocolError, Net::HTTPBadResponse
  raise Failure.new(:lost)
end

def parse(text)
  value = JSON.parse(text.to_s)
  value.is_a?(Hash) ? value : nil
rescue JSON::ParserError
  nil
end

# The bank's token endpoint, which is left alone while it asks for that.
module TokenEndpoint
  @paused_until = Time.at(0)

  def self.ask(parameters)
    pause_over
    asked_at = Time.now
    answer = exchange(TOKEN_URL, request(parameters))
    status = answer.code.to_i
    retry_after = answer['retry-after']&.match?(/\A\d+\z/) ? answer['retry-after'].to_f : nil
    pause(retry_after || 60) if status == 429
    raise Failure.new(:lost, retry_after) if status >= 500

    members = parse(answer.body) || {}
    raise Failure.new(members['error'] == 'invalid_grant' ? :refused : :misconfigured) if status >= 400

    tokens(members, asked_at)
  end

  # A short pause is waited out, of a long one the customer is told.
  def self.pause_over
    while (wait = @paused_until - Time.now).positive?
      raise Failure.new(:down, wait) if wait > 4

      sleep(wait)
    end
  end

  def self.request(parameters)
    request = Net::HTTP::Post.new(TOKEN_URL)
    request['Accept'] = 'application/json'
    request.basic_auth(URI.encode_www_form_component(CLIENT_ID), URI.encode_www_form_component(CLIENT_SECRET))
    request.set_form_data(parameters)
    request
  end

  def self.pause(seconds)
    @paused_until = Time.now + seconds
    raise Failure.new(:down, seconds)
  end

  def self.tokens(members, asked_at)
    access_token = members['access_token']
    raise Failure.new(:lost) unless access_token.is_a?(String) && !access_token.empty?
    raise Failure.new(:unusable) unless members['token_type'].to_s.downcase == 'bearer'

    lifetime = members['expires_in']
    renew_at = lifetime.is_a?(Numeric) ? asked_at + lifetime - [60, lifetime / 10.0].min : nil
    refresh_token = members['refresh_token']
    { access_token:, refresh_token: refresh_token.to_s.empty? ? nil : refresh_token, renew_at: }
  end
end

# What one customer consented to.
class Grant
  def initialize(tokens)
    @tokens = tokens
    @mutex = Mutex.new
    @failures = 0
    @rest_until = Time.at(0)
  end

  def call
    refresh(@tokens[:access_token]) if @tokens[:renew_at] && Time.now >= @tokens[:renew_at]
    first = @tokens[:access_token]
    answer = ask(first)
    return answer if !rejected?(answer) || @rejected == first

    refresh(first)
    second = @tokens[:access_token]
    again = ask(second)
    @rejected = rejected?(again) ? second : nil
    again
  end

  private

  def ask(access_token)
    request = Net::HTTP::Get.new(API_URL)
    request['Authorization'] = "Bearer #{access_token}"
    request['Accept'] = 'application/json'
    exchange(API_URL, request)
  end

  def rejected?(answer)
    answer.code == '401' || (answer.code.start_with?('4') && answer.body.to_s.strip == 'Invalid token')
  end

  # One thread refreshes; those that waited find that `used` is no longer the token.
  def refresh(used)
    @mutex.synchronize do
      return if @tokens[:access_token] != used
      raise Failure.new(:consent) if @over || @tokens[:refresh_token].nil?

      wait = @rest_until - Time.now
      raise Failure.new(:down, wait) if wait.positive?

      renew
    end
  end

  def renew
    parameters = { grant_type: 'refresh_token', refresh_token: @tokens[:refresh_token] }
    parameters[:scope] = SCOPE unless IS_BTG
    tokens = ask_twice(parameters)
    @tokens = { **tokens, refresh_token: tokens[:refresh_token] || @tokens[:refresh_token] }
    @failures = 0
  rescue Failure => e
    @over = %i[refused unusable].include?(e.kind)
    raise Failure.new(:consent) if @over

    @failures += 1
    @rest_until = Time.now + [e.retry_after || 0, [60, 2**@failures].min].max
    raise
  end

  # Where the answer is lost the same token is tried once more: the bank may never have seen it.
  def ask_twice(parameters)
    TokenEndpoint.ask(parameters)
  rescue Failure => e
    raise unless e.kind == :lost && e.retry_after.nil?

    TokenEndpoint.ask(parameters)
  end
end

SESSIONS = {} # rubocop:disable Style/MutableConstant
SESSIONS_MUTEX = Mutex.new

# One request of a customer's browser.
class Visit
  def initialize(request, response)
    @request = request
    @response = response
    cookie = request.cookies.find { |one| one.name == 'ruby_session' }
    @session = cookie && SESSIONS[cookie.value]
  end

  def connect
    open_session if @session.nil?
    state = SecureRandom.urlsafe_base64(32)
    SESSIONS_MUTEX.synchronize { @session[:pending][state] = Time.now }
    query = { response_type: 'code', client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, scope: SCOPE, state: }
    @response.status = 302
    @response['Location'] = "#{ENV.fetch('AUTHORIZATION_ENDPOINT')}?#{URI.encode_www_form(query)}"
  end

  def callback
    pairs = URI.decode_www_form(@request.query_string.to_s)
    value = pairs.to_h
    started = @session && SESSIONS_MUTEX.synchronize { @session[:pending].delete(value['state'].to_s) }
    doubled = %w[code state error iss].any? { |name| pairs.count { |key, _| key == name } > 1 }
    is_ours = started && Time.now < started + 900
    return page(400, 'O retorno do banco não vale mais') if doubled || !is_ours || value['iss'] != ISSUER
    return page(400, 'Nada foi conectado') if value.key?('error') || value['code'].to_s.empty?

    parameters = { grant_type: 'authorization_code', code: value['code'], redirect_uri: REDIRECT_URI }
    @session[:grant] = Grant.new(TokenEndpoint.ask(parameters))
    page(200, 'Conta conectada')
  end

  def balance
    raise Failure.new(:consent) if @session.nil? || @session[:grant].nil?

    answer = @session[:grant].call
    said = parse(answer.body)
    return json(200, said) if answer.code == '200' && said && of_company?(said)

    json(answer.code == '403' ? 403 : 502, { error: 'bank_refused' })
  end

  def fail(failure)
    return json(409, { error: 'consent_required', connect: '/connect' }) if failure.kind == :consent

    warn "#{@request.path}: #{failure.kind}"
    return page(400, 'O banco não aceitou o código') if failure.kind == :refused

    status = %i[unusable misconfigured].include?(failure.kind) ? 502 : 503
    @response['Retry-After'] = [1, failure.retry_after.to_f.ceil].max.to_s
    return json(status, { error: 'bank_unavailable' }) if @request.path == '/balance'

    page(status, 'O banco não respondeu')
  end

  def page(status, title)
    send(status, 'text/html; charset=utf-8', <<~HTML)
      <!doctype html><title>#{title}</title><h1>#{title}</h1><a href="/connect">Conectar a conta</a>
    HTML
  end

  def json(status, value)
    send(status, 'application/json', JSON.generate(value))
  end

  private

  # Whoever logged in at BTG may have chosen another company: its accounts are not for this customer.
  def of_company?(said)
    return true unless IS_BTG

    company = API_URL.path.split('/')[-3]
    said['data'].is_a?(Array) && said['data'].all? { |account| account['accountId'].to_s.start_with?("#{company}-") }
  end

  def open_session
    id = SecureRandom.urlsafe_base64(32)
    @session = SESSIONS[id] = { pending: {}, grant: nil }
    @response['Set-Cookie'] = "ruby_session=#{id}; Path=/; HttpOnly; SameSite=Lax"
  end

  def send(status, type, body)
    @response.status = status
    @response['Content-Type'] = type
    @response['Cache-Control'] = 'no-store'
    @response.body = body
  end
end

# WEBrick refuses addresses of more than 2083 characters; a bank's code may have any length (RFC 6749 4.1.2).
WEBrick::HTTPRequest.send(:remove_const, :MAX_URI_LENGTH)
WEBrick::HTTPRequest.const_set(:MAX_URI_LENGTH, 16_384)

server = WEBrick::HTTPServer.new(
  BindAddress: '127.0.0.1',
  Port: ENV.fetch('PORT', '4230').to_i,
  # The access log would hold the codes of callbacks, the error log whole addresses.
  AccessLog: [],
  Logger: WEBrick::Log.new(File::NULL)
)
%i[connect callback balance].each do |name|
  server.mount_proc("/#{name}") do |request, response|
    visit = Visit.new(request, response)
    begin
      request.path == "/#{name}" ? visit.public_send(name) : visit.page(404, 'Página não encontrada')
    rescue Failure => e
      visit.fail(e)
    rescue StandardError => e
      warn "#{request.path}: #{e.class}"
      visit.page(500, 'Erro inesperado')
    end
  end
end
server.mount_proc('/health') { |_, response| response.body = 'ok' }
%w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
server.start
