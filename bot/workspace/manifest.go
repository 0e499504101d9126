package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
)

// app is what the manifest says of the app.
type app struct {
	name, botName string
	commands      []string // with the slash
	scopes        []string
	events        []string
	homeTab       bool
	interactive   bool
}

// readManifest reads an app manifest, version 2. No manifest at all is an app without commands, scopes and events.
func readManifest(raw []byte) (app, error) {
	var m struct {
		DisplayInformation struct {
			Name string `json:"name"`
		} `json:"display_information"`
		Features struct {
			AppHome struct {
				HomeTabEnabled bool `json:"home_tab_enabled"`
			} `json:"app_home"`
			BotUser struct {
				DisplayName string `json:"display_name"`
			} `json:"bot_user"`
			SlashCommands []struct {
				Command string `json:"command"`
			} `json:"slash_commands"`
		} `json:"features"`
		OAuthConfig struct {
			Scopes struct {
				Bot []string `json:"bot"`
			} `json:"scopes"`
		} `json:"oauth_config"`
		Settings struct {
			EventSubscriptions struct {
				BotEvents []string `json:"bot_events"`
			} `json:"event_subscriptions"`
			Interactivity struct {
				IsEnabled bool `json:"is_enabled"`
			} `json:"interactivity"`
		} `json:"settings"`
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &m); err != nil {
			return app{}, fmt.Errorf("reading the manifest: %w", err)
		}
	}
	a := app{
		name:        m.DisplayInformation.Name,
		botName:     m.Features.BotUser.DisplayName,
		scopes:      m.OAuthConfig.Scopes.Bot,
		events:      m.Settings.EventSubscriptions.BotEvents,
		homeTab:     m.Features.AppHome.HomeTabEnabled,
		interactive: m.Settings.Interactivity.IsEnabled,
	}
	for _, c := range m.Features.SlashCommands {
		a.commands = append(a.commands, c.Command)
	}
	if a.botName == "" {
		a.botName = "bot"
	}
	return a, nil
}

// allows reports whether the app was granted one of the scopes; no scopes asked means everyone may.
func (a app) allows(anyOf []string) bool {
	return len(anyOf) == 0 || slices.ContainsFunc(anyOf, func(s string) bool { return slices.Contains(a.scopes, s) })
}
