Feature: The application sends the customer to the bank

  A breach shows even where the application gets no further than that. Nothing passes for an application that does not
  connect a customer.

  Rule: The bank takes the request

    @bank:bs2 @bank:btg @id:partner.authorize.parameters @req:RFC6749-4.1.1-a @req:OIDCC-3.1.2.1-a @kind:positive
    Scenario: The request has what the bank asks for
      When the application sends a customer to the bank
      Then the request has what the bank asks for

    @bank:bs2 @id:partner.authorize.client-identification @req:BS2-consent-i @req:RFC6749-4.1.1-a @kind:positive
    Scenario: The request says which client sends it
      When the application sends a customer to the bank
      Then the request says which client sends it

  Rule: What belongs to the backend stays there, and what belongs to the bank is typed there

    @bank:bs2 @bank:btg @id:partner.authorize.secret-not-in-url @req:RFC6749-2.3.1-c @kind:negative
    Scenario: No address holds the client secret
      When the application sends a customer to the bank
      Then no address holds the client secret

    @bank:bs2 @bank:btg @id:partner.authorize.login-at-bank @req:RFC6749-4.1-a @req:BS2-consent-a @kind:negative
    Scenario: The customer logs in at the bank itself
      When the application sends a customer to the bank
      Then the customer logs in at an address of the bank

  Rule: A response can be told from one that was not asked for

    @bank:bs2 @bank:btg @id:partner.authorize.state-present @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:positive
    Scenario: The request has a state, or another defence
      When the application sends a customer to the bank
      Then the request has a state, or another defence of the callback

    @bank:bs2 @bank:btg @id:partner.authorize.state-fresh @req:RFC9700-2.1-c @kind:positive
    Scenario: Each request has a state of its own
      When the application sends several customers to the bank
      Then each has a state of its own

    @bank:bs2 @bank:btg @id:partner.authorize.state-unguessable @req:RFC6749-10.12-c @kind:positive
    Scenario: Nobody can guess the state of another customer
      When the application sends several customers to the bank
      Then nobody can guess the next state

    @bank:btg @id:partner.authorize.nonce-fresh @req:RFC9700-2.1.1-a @req:OIDCC-3.1.2.1-d @kind:positive
    Scenario: Each request has a nonce of its own
      When the application sends several customers to the bank
      Then each has a nonce of its own

    @bank:btg @id:partner.authorize.pkce @req:RFC7636-4.1-a @req:RFC7636-4.2-a @req:RFC9700-2.1.1-a @kind:positive
    Scenario: Each request has a PKCE challenge of its own
      When the application sends several customers to the bank
      Then each has a PKCE challenge of its own, by S256
