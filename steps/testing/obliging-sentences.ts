/** A sentence of a bank's page that obliges somebody, and the rows of the register that are about it. */
export interface ObligingSentence {
  readonly sentence: string;
  readonly rows: readonly string[];
}

/** devs.bs2.com/docs/consent, sentence by sentence. */
export const bs2Sentences: readonly ObligingSentence[] = [
  {
    sentence: 'The partner must make the OAuth 2 screen available to the checking account holder for authentication.',
    rows: ['BS2-consent-a'],
  },
  {
    sentence: 'it is necessary to make a GET request in the /api-banking/auth/oauth/v2/authorize method',
    rows: ['BS2-consent-h'],
  },
  {
    sentence: "Make a Basic Auth request on the above endpoint with the application's API Key and API Secret",
    rows: ['BS2-consent-b', 'BS2-consent-i'],
  },
  { sentence: 'Enter the code description in the response_type field', rows: ['BS2-consent-k'] },
  { sentence: 'Enter the scope of the application in the scope field', rows: ['BS2-consent-m', 'BS2-refresh-b'] },
  { sentence: 'The state field is free to identify the client/user', rows: ['BS2-consent-d'] },
  {
    sentence: 'Enter the endpoint used to receive the authorization code in the redirect_uri field.',
    rows: ['BS2-consent-f', 'BS2-consent-o'],
  },
  {
    sentence:
      'When accessing the consent URL with valid parameters presented by the partner, the Banco BS2 checking account holder will be redirected to a login screen in the Banco BS2 environment',
    rows: ['BS2-holder-a'],
  },
  {
    sentence:
      "After validating the checking account holder's username and password, confirmation of consent will be requested with a second authentication factor, app token or SMS token",
    rows: ['BS2-holder-b'],
  },
  {
    sentence: 'With the token validated, we will redirect to your endpoint with the authorization code.',
    rows: ['BS2-holder-c'],
  },
  {
    sentence:
      'The redirect_uri must be GET and be prepared to receive the following parameters: code and state, both in the query and mandatory',
    rows: ['BS2-holder-d', 'BS2-holder-l'],
  },
  { sentence: 'The code parameter is mandatory to perform authentication in the next step', rows: ['BS2-code-f'] },
  { sentence: 'To obtain the access_token and Refresh_token from this code', rows: ['BS2-code-b'] },
  {
    sentence: 'the authorization code flow must be done, accessing the POST /auth/oauth/v2/token method',
    rows: ['BS2-code-a', 'BS2-code-g'],
  },
  {
    sentence: 'Enter the endpoint used to receive the authorization code for the redirect_uri field.',
    rows: ['BS2-code-i'],
  },
  {
    sentence: "It is necessary to manage the access_token and refresh_token within the partner's system.",
    rows: ['BS2-tokens-m'],
  },
  {
    sentence: 'even if the access_token is expired, the refresh_token is valid for 30 days.',
    rows: ['BS2-tokens-a', 'BS2-tokens-b'],
  },
  {
    sentence: 'When the token is close to expiration, a new token must be generated using a refresh_token.',
    rows: ['BS2-tokens-n'],
  },
  { sentence: 'receive a new token valid for the same period.', rows: ['BS2-tokens-e'] },
  { sentence: 'for each new token generated, a new refresh_token is also generated.', rows: ['BS2-tokens-c'] },
  { sentence: "The expires_in field represents the token's validity in seconds.", rows: ['BS2-tokens-d'] },
  {
    sentence: 'If the refresh_token expires, it will be necessary to redo the complete consent flow',
    rows: ['BS2-tokens-o'],
  },
  { sentence: 'There is no limit on requests while the token is valid', rows: ['BS2-tokens-f'] },
  { sentence: 'The access token is required for all requests to our APIs.', rows: ['BS2-resource-f'] },
  {
    sentence: "Make a Basic Auth request on the endpoint below with the application's apikey and apisecret",
    rows: ['BS2-refresh-a'],
  },
  { sentence: 'Enter the refresh_token amount for the grant_type field', rows: ['BS2-refresh-d'] },
  {
    sentence: 'Enter the amount of the refresh_token previously received for the refresh_token field.',
    rows: ['BS2-refresh-c'],
  },
];

/** developers.empresas.btgpactual.com/docs/authorization-code, sentence by sentence. */
export const btgSentences: readonly ObligingSentence[] = [
  {
    sentence:
      'a aplicação envia para o servidor de autenticação o Client Id e o Redirect URI cadastrado juntamente com os escopos autorizados pelo usúario final',
    rows: ['BTG-request-a', 'BTG-request-e'],
  },
  {
    sentence:
      'GET /oauth2/authorize?client_id={client_id}&response_type=code&redirect_uri={redirect_uri}&scope={scope}&prompt=login',
    rows: ['BTG-request-g'],
  },
  {
    sentence:
      'Em resposta, caso o processo seja autorizado, o servidor de autenticação retorna o Authorization Code: HTTP/1.1 302 Found',
    rows: ['BTG-code-d'],
  },
  {
    sentence: 'Location: {redirect_uri}?code={authorization_code}&iss=https%3A%2F%2Fid.btgpactual.com',
    rows: ['BTG-code-a'],
  },
  { sentence: 'após receber o Authorization Code, deve ser feita a requisição do Access Token', rows: ['BTG-token-d'] },
  { sentence: 'Content-type: application/x-www-form-urlencoded', rows: ['BTG-token-e'] },
  {
    sentence:
      'irão verificar a validade das informaçoes enviadas e, caso não hajam erros ou codigos inválidos, o servidor devolverá o Access Token e o Refresh Token',
    rows: ['BTG-token-b'],
  },
  {
    sentence:
      'junto a outras informações pertinentes como o escopo da autorização, o id do token, o tipo do token e a duração do token',
    rows: ['BTG-token-a', 'BTG-token-f'],
  },
  {
    sentence:
      'A partir daqui, já com seu Access Token em mãos, você pode consumir a APIs conforme permitido pelo usuário final!',
    rows: ['BTG-scope-a'],
  },
];
