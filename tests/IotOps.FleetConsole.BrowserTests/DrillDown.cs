using IotOps.FleetConsole.Tests.Lab;
using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class DrillDown
{
    [Fact]
    public async Task A_responder_gets_from_the_surge_to_the_raw_line_by_links_alone()
    {
        using Browser browser = Browser.Start();
        await using ConsoleLab lab = await ConsoleLab.StartAsync();

        browser.Open(lab.Address, "/");
        browser.Find("#sentence").Text.ShouldStartWith("One surge");
        browser.Click(By.PartialLinkText("Open the worst bar"));
        browser.Until(() => browser.Find(".crumbs").Text.Contains("Errors", StringComparison.Ordinal), "the bar");
        browser.Click(By.CssSelector("tr.sel a"));
        browser.Until(() => browser.Find("h1").Text == "Publish-In AUTHORIZATION_FAILURE not authorised to publish to *", "the template");
        browser.Find(".raw summary").Click();

        browser.Find(".raw pre").Text.ShouldContain("\"eventType\": \"Publish-In\"");
        browser.Messages.ShouldBeEmpty();
    }
}
