using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.SignIn;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class SigningIn
{
    [Fact]
    public async Task A_wrong_token_is_refused_and_the_right_one_leads_to_the_page_that_was_asked_for()
    {
        using Browser browser = Browser.Start(width: 1_700);
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) =>
        {
            (token, TokenRecord record) = TokenRecord.Make("amy", "viewer", null, iterations: 1_000);
            new TokenFile(directory["tokens.json"]).Add(record);
            return settings with { SignIn = new SignInSettings { TokenFile = directory["tokens.json"] } };
        });

        browser.Open(lab.Address, "/connectivity");
        browser.Find("#token").SendKeys("fc_x_y");
        browser.Find(".signin button").Click();
        browser.Until(() => browser.Find("[role=alert]").Text.StartsWith("Not signed in", StringComparison.Ordinal), "the refusal");
        browser.Find("#token").SendKeys(token);
        browser.Find(".signin button").Click();

        browser.Until(() => browser.Driver.Url.EndsWith("/connectivity", StringComparison.Ordinal), "the page that was asked for");
        browser.Find(".topbar-end").Text.ShouldContain("amy, viewer");
        browser.Find("form[action='/sign-out'] button").Click();

        // The click does not wait for the form to be sent: a page that is opened at once may come while the session is still on.
        browser.Until(() => browser.Driver.Url.EndsWith("/sign-in", StringComparison.Ordinal), "the end of the session");
        browser.Open(lab.Address, "/connectivity");
        browser.Driver.Url.ShouldContain("/sign-in?to=");

        // The browser itself reports the answer 401 to the wrong token; nothing else may be said.
        browser.Messages.ShouldAllBe(message => message.Contains("401 (Unauthorized)", StringComparison.Ordinal));
    }
}
