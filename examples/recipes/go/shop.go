// Package shop is what a shop has of its own towards BS2. Its endpoints come from the environment, and so the mock's can.
package shop

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ErrConsentOver says that the customer has to consent again.
var ErrConsentOver = errors.New("the customer has to consent again")

// Bank is where BS2 is, and who asks.
type Bank struct {
	AuthorizationEndpoint, TokenEndpoint, BalanceEndpoint string
	APIKey, APISecret, Scope, RedirectURI                 string
}

type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Seconds int    `json:"expires_in"`
}

// Account is one customer's consent.
type Account struct {
	bank   Bank
	client *http.Client
	mutex  sync.Mutex // one refresh at a time: BS2 takes each refresh token once
	tokens *tokens
}

func NewAccount(bank Bank) *Account {
	return &Account{bank: bank, client: &http.Client{Timeout: 20 * time.Second}}
}

// AuthorizationURL is where the customer's browser goes. The state is kept in the session of that browser.
func (a *Account) AuthorizationURL(state string) string {
	query := url.Values{"response_type": {"code"}, "client_id": {a.bank.APIKey}, "redirect_uri": {a.bank.RedirectURI},
		"scope": {a.bank.Scope}, "state": {state}}
	return a.bank.AuthorizationEndpoint + "?" + query.Encode()
}

// Finish is called when the customer is back at the redirect URI.
func (a *Account) Finish(code string) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.ask(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.bank.RedirectURI}})
}

func (a *Account) Balance() (float64, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for attempt := 1; ; attempt++ {
		if a.tokens == nil {
			return 0, ErrConsentOver
		}
		request, err := http.NewRequest(http.MethodGet, a.bank.BalanceEndpoint, nil)
		if err != nil {
			return 0, err
		}
		request.Header.Set("Authorization", "Bearer "+a.tokens.Access)
		answer, err := a.client.Do(request)
		if err != nil {
			return 0, err
		}
		var said struct{ Valor float64 }
		failed := json.NewDecoder(answer.Body).Decode(&said)
		answer.Body.Close()
		switch {
		case answer.StatusCode == http.StatusOK:
			return said.Valor, failed
		case answer.StatusCode != http.StatusUnauthorized || attempt == 2:
			return 0, fmt.Errorf("BS2 answers %d", answer.StatusCode)
		}
		err = a.ask(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.tokens.Refresh}, "scope": {a.bank.Scope}})
		if err != nil {
			return 0, err
		}
	}
}

func (a *Account) ask(form url.Values) error {
	request, err := http.NewRequest(http.MethodPost, a.bank.TokenEndpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.SetBasicAuth(url.QueryEscape(a.bank.APIKey), url.QueryEscape(a.bank.APISecret))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := a.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var said struct {
		tokens
		Error string `json:"error"`
	}
	err = json.NewDecoder(answer.Body).Decode(&said)
	switch {
	case said.Error == "invalid_grant":
		a.tokens = nil
		return ErrConsentOver
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("BS2 answers %d", answer.StatusCode)
	case err != nil:
		return err
	}
	a.tokens = &said.tokens
	return nil
}
