@bank:bs2
Feature: BS2 judges the authorization request
  Nothing is redirected before the address is known to be the client's own; and what the client sent as state comes
  back unchanged.

  Rule: The user is never sent to an address that the client did not register

    Background:
      Given the bank shows its login to the client's own request

    @id:bs2-redirect-uri @req:RFC9700-2.1-b @req:RFC6749-3.1.2.4-a @req:RFC9700-2.1-a @req:BS2-consent-f @kind:negative @sandbox-safe
    Scenario Outline: The redirect URI has <difference>
      When the client asks for authorization with a redirect URI that has <difference>
      Then the bank shows an error and redirects nowhere

      Examples:
        | difference          |
        | another host        |
        | another port        |
        | another scheme      |
        | another path        |
        | a longer path       |
        | a dot segment       |
        | a trailing slash    |
        | an added query      |
        | a fragment          |
        | upper case          |
        | user information    |
        | a look-alike host   |
        | a percent-encoding  |

    @id:bs2-redirect-uri-missing @req:RFC6749-3.1.2.4-a @req:BS2-consent-f @kind:negative @sandbox-safe
    Scenario: The redirect URI is missing
      When the client asks for authorization without a redirect URI
      Then the bank shows an error and redirects nowhere

    @id:bs2-redirect-uri-https @req:RFC9700-2.6-a @kind:negative @needs:control
    Scenario: In production a redirect URI of http is refused, though it is registered
      Given the client registered a redirect URI of http
      And the bank takes redirect URIs of https only, as in production
      When the client asks for authorization
      Then the bank shows an error and redirects nowhere

    @id:bs2-redirect-uri-query @req:RFC6749-3.1.2-a @kind:positive @needs:control
    Scenario: The registered address keeps its own query
      Given the client registered a redirect URI with a query
      When the user consents
      Then the user comes back to that address with its query kept

    @id:bs2-redirect-uri-repeated @req:RFC6749-3.1-c @req:RFC6749-3.1.2.4-a @kind:negative @sandbox-safe
    Scenario: A second redirect URI is smuggled in
      When the client asks for authorization with its own and a foreign redirect URI
      Then the bank shows an error and redirects nowhere

  Rule: A right request leads to the login

    @id:bs2-authorize @req:BS2-consent-h @req:BS2-holder-a @req:RFC6749-3.1-a @req:BS2-consent-b @kind:positive @sandbox-safe
    Scenario: The client asks for authorization
      When the client asks for authorization
      Then the bank shows its login
      And the login is in the bank's own environment

    @id:bs2-pages-escape @req:RFC6749-10.14-a @kind:negative @sandbox-safe
    Scenario: What a request brings along is not run by the user's browser
      Given the bank shows its login to the client's own request
      And someone prepared an authorization request with markup in it
      When the user opens it
      Then no page of the bank repeats the markup

  Rule: Only a client that the bank knows may ask

    Background:
      Given the bank shows its login to the client's own request

    @id:bs2-pages-escape-name @req:RFC6749-10.14-a @kind:negative @needs:control
    Scenario: What a client is called is not run by the user's browser
      Given a client whose name has markup in it
      When the user is asked to consent
      Then the page does not run the markup

    @id:bs2-authorize-unknown-client @req:BS2-consent-b @kind:negative @sandbox-safe
    Scenario: The client is unknown
      When an unknown client asks for authorization
      Then the bank shows an error and redirects nowhere

    @id:bs2-authorize-wrong-secret @req:BS2-consent-b @kind:negative @sandbox-safe
    Scenario: The API Secret is wrong
      When the client asks for authorization with a wrong secret
      Then the bank shows an error and redirects nowhere

    @id:bs2-authorize-anonymous @req:BS2-consent-g @kind:negative @sandbox-safe
    Scenario: A browser names no client
      When a browser asks for authorization for no client
      Then the bank shows an error and redirects nowhere
      And the browser is not asked for the API Secret

  Rule: The gateway says in a header what it refused

    Background:
      Given the bank shows its login to the client's own request

    @id:bs2-authorize-gateway-client @req:BS2-error-g @kind:negative
    Scenario: The client is unknown
      When an unknown client asks for authorization
      Then the page carries the gateway's code 3000201

    @id:bs2-authorize-gateway-mismatch @req:BS2-error-g @kind:negative
    Scenario: The redirect URI is not the client's
      When the client asks for authorization with a redirect URI that has another host
      Then the page carries the gateway's code 3000114

    @id:bs2-authorize-gateway-missing @req:BS2-error-g @kind:negative
    Scenario: There is no redirect URI
      When the client asks for authorization without a redirect URI
      Then the page carries the gateway's code 3000130

  Rule: Another fault of the request goes to the client as an error

    Background:
      Given the bank shows its login to the client's own request

    @id:bs2-response-type @req:RFC6749-3.1.1-a @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario Outline: The response type is <response type>
      When the client asks for authorization with the response type <response type>
      Then the client gets the error <error> and its state

      Examples:
        | response type | error                     |
        | missing       | invalid_request           |
        | token         | unsupported_response_type |

    @id:bs2-scope-not-registered @req:BS2-error-d @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The client asks for a scope that it did not register
      When the client asks for authorization with a scope of nobody
      Then the client gets the error invalid_scope and its state

    @id:bs2-scope-missing @req:BS2-consent-n @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The scope is left out
      When the client asks for authorization without a scope
      Then the client gets the error invalid_request and its state

    @id:bs2-parameter-empty @req:RFC6749-3.1-b @req:RFC6749-3.1.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: A parameter without value counts as absent
      When the client asks for authorization with an empty response type
      Then the client gets the error invalid_request and its state

    @id:bs2-parameter-repeated @req:RFC6749-3.1-c @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: A parameter comes twice
      When the client asks for authorization with the scope sent twice
      Then the client gets the error invalid_request and its state

    @id:bs2-parameter-unknown @req:RFC6749-3.1-b @kind:positive @sandbox-safe
    Scenario: An unknown parameter is ignored
      When the client asks for authorization with a parameter that the bank does not know
      Then the bank shows its login

  Rule: The state comes back byte for byte

    Background:
      Given the bank shows its login to the client's own request

    @id:bs2-state @req:BS2-consent-d @req:RFC6749-4.1.2-f @kind:positive @sandbox-safe
    Scenario Outline: The state is <state>
      When the user consents to a request whose state is <state>
      Then the state is the one that was sent

      Examples:
        | state                    |
        | 512 characters long      |
        | in many scripts          |
        | of reserved characters   |
        | of spaces and plus signs |
        | already percent-encoded  |
        | a piece of markup        |

    @id:bs2-state-absent @req:BS2-consent-p @kind:record @sandbox-safe
    Scenario: What a request without a state gets
      When the user consents to a request without a state
      Then what came back is recorded
